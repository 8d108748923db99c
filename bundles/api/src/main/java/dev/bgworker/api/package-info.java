/** What a worker's author writes against: a worker is a {@link Proc}, all that it opens ends with a scope. */
@Export
@Version("1.0.0")
package dev.bgworker.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
