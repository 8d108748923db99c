/** Where the supervisor meets OSGi: its component, its services, its settings. Nothing here decides. */
package dev.bgworker.supervisor.osgi;
