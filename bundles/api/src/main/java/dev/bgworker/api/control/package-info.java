/** What a caller needs: define, register, wait, terminate, look. Every type here may be used from any thread. */
@Export
@Version("1.0.0")
package dev.bgworker.api.control;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
