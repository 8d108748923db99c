package dev.bgworker.schedules.scenario;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static dev.bgworker.api.process.LockMode.SHARED;

/** Two that share it and one that wants it for himself. */
final class SharersAndOne extends Locking {

    SharersAndOne() { super(2, 1, SHARED, EXCLUSIVE, SHARED); }
}
