package dev.bgworker.schedules.scenario;

/** On something else than its latch. */
final class SignalledBesideLatch extends Signalled {

    SignalledBesideLatch() { super(false); }
}
