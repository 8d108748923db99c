package dev.bgworker.schedules.scenario;

/** On its latch. */
final class SignalledOnLatch extends Signalled {

    SignalledOnLatch() { super(true); }
}
