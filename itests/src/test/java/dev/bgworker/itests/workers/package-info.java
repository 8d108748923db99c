/** Functions of test bundles: copied class by class into jars, so none has a nested class. */
package dev.bgworker.itests.workers;
