package dev.bgworker.spi.functions;

/**
 * What the sessions of one database have done since it was opened; a value.
 *
 * @param tupReturned rows that queries returned
 * @param tupChanged rows inserted, updated, deleted or merged
 */
public record DatabaseTotals(String datname, long xactCommit, long xactRollback, long tupReturned, long tupChanged) {}
