/**
 * What every worker's author would otherwise write himself, written with the api's scopes alone: the main loop with error
 * recovery, and transactions as lambdas. Nothing here has access that an author lacks.
 */
@Export
@Version("1.0.0")
package dev.bgworker.toolkit;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
