/** What supervisor, ipc and spi owe each other, who never see one another. No author and no caller imports this. */
@Export
@Version("1.0.0")
package dev.bgworker.api.host;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
