/**
 * Libraries as bundles: which version is current, what it declares, where its functions are, and how dropped files become
 * bundles without disturbing anybody.
 */
package dev.bgworker.supervisor.library;
