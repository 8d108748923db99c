/**
 * Shared memory as bytes: an {@link Area} is sliced, and a slice is seen as a lock, a queue, a barrier, as a C cast
 * would.
 */
@Export
@Version("1.0.0")
package dev.bgworker.api.ipc;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
