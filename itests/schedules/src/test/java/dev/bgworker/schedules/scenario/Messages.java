package dev.bgworker.schedules.scenario;

/** A short one, one that is longer than the ring, and an empty one. */
final class Messages extends Queueing {

    Messages() { super(2, 1, 5, 40, 0); }
}
