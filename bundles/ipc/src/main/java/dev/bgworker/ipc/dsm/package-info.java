/** {@code dsm.c}: segments that come and go, who has them mapped, and what is to be done before one lets go. */
package dev.bgworker.ipc.dsm;
