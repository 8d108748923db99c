/**
 * What every worker's author would otherwise write himself, written with the api's scopes alone: the main loop with error
 * recovery, sets of workers, and transactions as lambdas. Nothing here has access that an author lacks.
 *
 * <p>cron-utils, which reads cron expressions, is inside this bundle and not beside it: as a bundle it requires {@code
 * javax.validation}, for an annotation that nothing here uses, and with it a further bundle in every host.
 */
@Export
@Version("1.0.0")
package dev.bgworker.toolkit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
