package dev.bgworker.schedules.scenario;

/** R153: two wait for a token each, and each token is put with a signal, which wakes one. */
final class Signals extends Conditions {

    Signals() { super(3, 2); }

    @Override
    void part(int thread, Tokens tokens, Procs procs) {
        if (thread > 0) {
            tokens.await();
            return;
        }
        for (int i = 0; i < 2; i++) {
            tokens.put();
            tokens.some().signal();
        }
    }
}
