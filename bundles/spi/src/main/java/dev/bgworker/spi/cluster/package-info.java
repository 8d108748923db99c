/** The databases of a host and their roles: where they lie, who opens them, who may connect. */
package dev.bgworker.spi.cluster;
