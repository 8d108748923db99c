package dev.bgworker.schedules.scenario;

/** R153: two wait, and both tokens are put before one broadcast. */
final class Broadcasts extends Conditions {

    Broadcasts() { super(3, 2); }

    @Override
    void part(int thread, Tokens tokens, Procs procs) {
        if (thread > 0) {
            tokens.await();
        } else {
            tokens.put();
            tokens.put();
            tokens.some().broadcast();
        }
    }
}
