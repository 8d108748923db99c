/**
 * PostgreSQL's SPI on an embedded engine, through JDBC alone. A provider bundle is private as a whole; public in it is only
 * what another of its packages needs.
 *
 * <p>From the outside in: {@code SpiProvider} (processes), {@code SpiSession} (one connection for life), the transaction
 * levels, {@code Execution} (one call of SPI_execute); below them {@code cluster} (databases and roles), {@code engine}
 * (JDBC behind the gate), {@code sql} (the text of statements). {@code jdbc}
 * guards what is handed out as plain JDBC; it is told by {@code TransactionConnection} and {@code ClientConnection} what a call
 * may do.
 */
package dev.bgworker.spi;
