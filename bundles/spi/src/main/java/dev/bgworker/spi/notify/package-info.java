/**
 * NOTIFY: what a transaction is to send, one ordered queue per database, inboxes, and events as a courtesy. Knows processes
 * and the engine only by what {@code Sender} and {@code Listener} hand in.
 */
package dev.bgworker.spi.notify;
