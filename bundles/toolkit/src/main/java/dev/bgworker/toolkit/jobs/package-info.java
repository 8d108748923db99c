/**
 * A queue of jobs on a table, with the toolkit's transactions alone.
 *
 * <p>Why a claim is committed before the job runs, when a row lock alone would free it by itself at the worker's end: a job
 * that takes its worker down would leave no trace, be first again, and take down the next one, for ever. The job's work and
 * its deletion are one transaction all the same, so a claim that is freed by mistake can never make its effects happen twice.
 */
@Export
@Version("1.0.0")
package dev.bgworker.toolkit.jobs;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
