package dev.bgworker.schedules.scenario;

import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.Barrier;
import dev.bgworker.schedules.Scenario;
import java.util.List;

/** R155: three go from phase to phase together, and one of them is elected in each. */
final class BarrierPhases implements Scenario {

    private static final int PARTY = 3;
    private static final int PHASES = 2;

    @Override
    public int threads() { return PARTY; }

    @Override
    public int preemptions() { return 1; }

    @Override
    public List<String> sees() { return List.of("dev.bgworker.ipc.condition.Party"); }

    @Override
    public Play begin() { return new Phases(); }

    private static final class Phases implements Play {

        private final Procs procs = new Procs(PARTY, library -> {});
        private final Barrier[] barriers = new Barrier[PARTY];
        private final int[] elected = new int[PHASES];
        private final int[] arrived = new int[PHASES];

        @Override
        public void enter(int thread) {
            Area area = procs.open(thread).shmem().initStruct("barrier", Barrier.SIZE);
            barriers[thread] = area.as(Barrier.class);
            if (!area.found()) {
                barriers[thread].initialize(PARTY);
            }
        }

        @Override
        public void run(int thread) {
            for (int phase = 0; phase < PHASES; phase++) {
                arrived[phase]++;
                boolean me = barriers[thread].arriveAndWait("phase");
                if (arrived[phase] != PARTY) {
                    throw new AssertionError(arrived[phase] + " have arrived, and " + thread + " goes on");
                }
                elected[phase] += me ? 1 : 0;
            }
        }

        @Override
        public void leave(int thread) { procs.backend(thread).close(); }

        @Override
        public void check() {
            for (int each : elected) {
                if (each != 1) {
                    throw new AssertionError(each + " were elected");
                }
            }
        }
    }
}
