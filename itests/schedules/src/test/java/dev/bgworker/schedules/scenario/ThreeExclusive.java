package dev.bgworker.schedules.scenario;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;

/** Three that want it for themselves. */
final class ThreeExclusive extends Locking {

    ThreeExclusive() { super(2, 1, EXCLUSIVE, EXCLUSIVE, EXCLUSIVE); }
}
