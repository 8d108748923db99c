/**
 * JDBC both ways: the guarded connection of a transaction, and connections of the DataSource services. What a call may do is
 * decided by whoever owns the session, through {@code Guard} and {@code Control}; this package knows JDBC alone.
 */
package dev.bgworker.spi.jdbc;
