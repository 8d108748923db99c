/** The host's settings: one table of them, how each is read, and what holds now. It knows neither files nor OSGi. */
package dev.bgworker.supervisor.settings;
