package dev.bgworker.schedules.scenario;

import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.ipc.lwlock.InLine;
import dev.bgworker.schedules.Points;
import dev.bgworker.schedules.Scenario;
import java.util.ArrayList;
import java.util.List;

/** R140: when it is released with three in line, in whatever order, then those are woken whom the rule names. */
final class WakePolicy implements Scenario {

    private static final List<LockMode> MODES = List.of(LockMode.EXCLUSIVE, LockMode.SHARED, LockMode.EXCLUSIVE,
            LockMode.SHARED);

    @Override
    public int threads() { return MODES.size(); }

    @Override
    public int preemptions() { return 1; }

    @Override
    public Play begin() { return new Releases(); }

    private static final class Releases implements Play {

        private final Procs procs = new Procs(MODES.size(), library -> library.requestLWLocks("lock", 1));
        private final LWLock[] locks = new LWLock[MODES.size()];
        private Held first;

        @Override
        public void enter(int thread) {
            locks[thread] = procs.open(thread).shmem().lwlockTranche("lock").get(0);
            if (thread == 0) {
                first = locks[0].acquire(LockMode.EXCLUSIVE);
            }
        }

        @Override
        public void run(int thread) {
            if (thread > 0) {
                locks[thread].acquire(MODES.get(thread)).close();
                return;
            }
            Points.until("all wait", () -> InLine.of(locks[0]).size() == MODES.size() - 1);
            Points.alone(() -> {
                List<InLine> before = InLine.of(locks[0]);
                first.close();
                List<InLine> after = InLine.of(locks[0]);
                if (!after.equals(left(before))) {
                    throw new AssertionError("in line before " + modes(before) + ", after " + modes(after));
                }
                return null;
            });
        }

        private static List<InLine> left(List<InLine> before) {
            if (before.get(0).exclusive()) {
                return before.subList(1, before.size());
            }
            List<InLine> left = new ArrayList<>(before);
            left.removeIf(each -> !each.exclusive());
            return left;
        }

        private static List<String> modes(List<InLine> line) {
            return line.stream().map(each -> each.exclusive() ? "exclusive" : "shared").toList();
        }

        @Override
        public void leave(int thread) { procs.backend(thread).close(); }
    }
}
