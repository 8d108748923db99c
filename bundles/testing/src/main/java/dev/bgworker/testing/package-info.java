/**
 * A host in a unit test: the real supervisor, SPI and shared memory, without a framework, on a clock that the test sets. For
 * the class path of tests alone; in no host.
 */
@Export
@Version("1.0.0")
package dev.bgworker.testing;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
