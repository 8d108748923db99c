/**
 * PostgreSQL's Server Programming Interface, and nothing else of that name: session, transaction, SPI level.
 */
@Export
@Version("1.0.0")
package dev.bgworker.api.spi;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
