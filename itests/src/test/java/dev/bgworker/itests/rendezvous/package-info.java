/** The only package that the framework shares with the class path of the tests. */
package dev.bgworker.itests.rendezvous;
