/** A host that is killed while it commits, by a parent that keeps the ledger. */
package dev.bgworker.itests.kill;
