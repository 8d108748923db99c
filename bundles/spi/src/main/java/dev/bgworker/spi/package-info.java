/**
 * PostgreSQL's SPI on an embedded engine, through JDBC alone.
 *
 * <p>Why one package: a provider bundle is private as a whole, and what is not public cannot be reached around the gate.
 * From the outside in: {@code SpiProvider} (databases and processes), {@code SpiSession} (one connection for life), the
 * transaction levels, {@code Execution} (one call of SPI_execute), {@code EngineConnection} (JDBC behind the gate), {@code
 * Engine} (what differs between engines).
 */
package dev.bgworker.spi;
