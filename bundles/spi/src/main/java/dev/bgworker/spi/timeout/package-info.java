/**
 * The settings that spi obeys itself, and the timeouts among them: what they say now, and one timer for all sessions. Knows
 * no transaction of SPI.
 */
package dev.bgworker.spi.timeout;
