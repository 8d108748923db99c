/** The way into the database engine: JDBC behind the gate, and what differs between engines. Knows no transaction of SPI. */
package dev.bgworker.spi.engine;
