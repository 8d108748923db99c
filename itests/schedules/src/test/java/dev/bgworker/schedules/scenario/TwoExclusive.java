package dev.bgworker.schedules.scenario;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;

/** Two that want it for themselves, again and again. */
final class TwoExclusive extends Locking {

    TwoExclusive() { super(3, 2, EXCLUSIVE, EXCLUSIVE); }
}
