/** The ground: what every process has, how long things live, how errors travel. Uses no other package of ours. */
@Export
@Version("1.0.0")
package dev.bgworker.api.process;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
