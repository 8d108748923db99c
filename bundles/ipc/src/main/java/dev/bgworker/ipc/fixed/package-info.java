/** Areas and locks that live as long as their epoch: what libraries request, and find-or-create. */
package dev.bgworker.ipc.fixed;
