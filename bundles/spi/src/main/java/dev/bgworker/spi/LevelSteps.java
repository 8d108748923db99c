package dev.bgworker.spi;

/** All {@link LevelStep}s of a session, in order. Each commit comes here, so without a lambda. Owner thread only. */
final class LevelSteps {

    private final LevelStep[] all;

    LevelSteps(LevelStep... all) { this.all = all; }

    void preCommit(TransactionLevel level) {
        for (LevelStep each : all) {
            each.preCommit(level);
        }
    }

    void committed(TransactionLevel level) {
        for (LevelStep each : all) {
            each.committed(level);
        }
    }

    /** Each, whatever the ones before it raised. */
    void aborting(TransactionLevel level, AbortSteps steps) {
        for (LevelStep each : all) {
            steps.run(() -> each.aborting(level));
        }
    }

    void ended(TransactionLevel level, boolean commit) {
        for (LevelStep each : all) {
            each.ended(level, commit);
        }
    }
}
