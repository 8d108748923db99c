/**
 * The SQL side: functions and views in schema {@code bgw}, as an engine in this JVM calls them, and who may do what. Knows the
 * api alone; who calls and what the host offers is handed in.
 */
package dev.bgworker.spi.functions;
