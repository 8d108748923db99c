package dev.bgworker.ipc;

import dev.bgworker.ipc.dsm.Segments;
import dev.bgworker.ipc.fixed.Fixed;
import dev.bgworker.ipc.memory.Epoch;
import dev.bgworker.ipc.registry.Registry;

/** Everything shared of one epoch. */
record SharedState(Epoch epoch, Fixed fixed, Segments segments, Registry registry) {

    SharedState(Fixed fixed) { this(fixed.epoch(), fixed, new Segments(fixed.epoch()), new Registry()); }
}
