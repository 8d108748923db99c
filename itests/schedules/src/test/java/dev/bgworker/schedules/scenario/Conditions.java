package dev.bgworker.schedules.scenario;

import dev.bgworker.schedules.Scenario;

/** What threads do with a condition variable: each a part of its own, on tokens that it sees as its process does. */
abstract class Conditions implements Scenario {

    private final int threads;
    private final int preemptions;

    Conditions(int threads, int preemptions) {
        this.threads = threads;
        this.preemptions = preemptions;
    }

    @Override
    public final int threads() { return threads; }

    @Override
    public final int preemptions() { return preemptions; }

    /** In turns with the others. */
    abstract void part(int thread, Tokens tokens, Procs procs);

    /** Whether it is there at the end. */
    boolean stays(int thread) { return true; }

    @Override
    public final Play begin() { return new Parts(); }

    private final class Parts implements Play {

        private final Procs procs = new Procs(threads, library -> {});
        private final Tokens[] tokens = new Tokens[threads];

        @Override
        public void enter(int thread) { tokens[thread] = Tokens.of(procs, thread); }

        @Override
        public void run(int thread) { part(thread, tokens[thread], procs); }

        @Override
        public void leave(int thread) {
            if (stays(thread)) {
                procs.backend(thread).close();
            }
        }
    }
}
