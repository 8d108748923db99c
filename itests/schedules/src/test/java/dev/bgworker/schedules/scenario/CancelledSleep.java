package dev.bgworker.schedules.scenario;

/** R154: one of two who are prepared cancels; the signal that may have come to him wakes the other. */
final class CancelledSleep extends Conditions {

    CancelledSleep() { super(3, 2); }

    @Override
    void part(int thread, Tokens tokens, Procs procs) {
        switch (thread) {
            case 0 -> {
                tokens.put();
                tokens.some().signal();
            }
            case 1 -> tokens.some().prepareToSleep().cancel();
            default -> tokens.await();
        }
    }
}
