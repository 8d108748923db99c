package dev.bgworker.schedules.scenario;

/** R162: the ring is full again and again, and each message lies in one piece and is read where it lies. */
final class ReadInPlace extends Queueing {

    ReadInPlace() { super(2, 2, 8, 8, 8); }
}
