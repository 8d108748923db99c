/**
 * {@code bgworkerd}, the counterpart of {@code postgres} and {@code pg_ctl}: assembles a home directory, boots Apache
 * Felix on the bundles of feature.xml, and asks a running host through its socket.
 *
 * <p>Why no felix.main: its configuration files and its own shutdown hook would stand beside ours, and the exit status
 * of the host has to be decided in one place, {@link dev.bgworker.launcher.ShutdownHook}.
 */
package dev.bgworker.launcher;
