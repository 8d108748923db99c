package dev.bgworker.schedules.scenario;

/** Empty ones, short ones, and one that is longer than the ring. */
final class Messages extends Queueing {

    Messages() { super(2, 2, 5, 40, 16, 0); }
}
