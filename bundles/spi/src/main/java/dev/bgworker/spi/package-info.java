/**
 * PostgreSQL's SPI on an embedded engine, through JDBC alone. A provider bundle is private as a whole; public in it is only
 * what another of its packages needs.
 *
 * <p>From the outside in: {@code SpiProvider} (processes), {@code SpiSession} (one connection for life), the transaction
 * levels, {@code Execution} (one call of SPI_execute); below them {@code cluster} (databases and roles), {@code engine}
 * (JDBC behind the gate), {@code sql} (the text of statements), {@code notify} (messages between processes),
 * {@code jdbc} (what is handed out as plain JDBC; {@code TransactionConnection} and {@code ClientConnection} say what a call may
 * do).
 */
package dev.bgworker.spi;
