package dev.bgworker.ipc;

import dev.bgworker.ipc.fixed.Fixed;
import dev.bgworker.ipc.memory.Epoch;

/** Everything shared of one epoch. */
record SharedState(Epoch epoch, Fixed fixed) {

    SharedState(Fixed fixed) { this(fixed.epoch(), fixed); }
}
