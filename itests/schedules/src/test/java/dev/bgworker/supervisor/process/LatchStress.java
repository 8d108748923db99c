package dev.bgworker.supervisor.process;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The latch on the memory model of the machine. */
public final class LatchStress {

    // A process without a thread, so that each actor may be its owner.
    private static final BgProc PROC = proc();

    private LatchStress() {}

    private static BgProc proc() {
        ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(0, new ThreadPoolExecutor.DiscardPolicy());
        timers.shutdown();
        ProcTable table = new ProcTable(Clock.systemUTC(), new Providers(), new ScopeEvents(), timers, call -> {},
                Duration.ofSeconds(1));
        return (BgProc) table.openClient("stress/1", "stress", () -> {});
    }

    /** R150: what was published by a plain store before a set is seen after the reset, or the latch is set still. */
    @JCStressTest
    @Outcome(id = "false, false", expect = FORBIDDEN, desc = "the wake-up is lost")
    @Outcome(expect = ACCEPTABLE)
    @State
    public static class PublishAndReset {

        private final OwnLatch latch = new OwnLatch(PROC);
        private boolean published;

        public PublishAndReset() { latch.set(); }

        @Actor
        public void setter() {
            published = true;
            latch.set();
        }

        @Actor
        public void owner(ZZ_Result seen) {
            latch.reset();
            seen.r1 = published;
        }

        @Arbiter
        public void after(ZZ_Result seen) { seen.r2 = latch.isSet(); }
    }

    /** R147: who begins to wait sees that the latch is set, or is woken. */
    @JCStressTest
    @Outcome(id = "false, false", expect = FORBIDDEN, desc = "slept through")
    @Outcome(expect = ACCEPTABLE)
    @State
    public static class SetAndAwait {

        private final OwnLatch latch = new OwnLatch(PROC);
        private final Woken woken = new Woken();

        @Actor
        public void setter() { latch.set(); }

        @Actor
        public void owner(ZZ_Result seen) {
            latch.beginWait(woken, "Extension", "stress");
            seen.r1 = latch.isSet();
        }

        @Arbiter
        public void after(ZZ_Result seen) { seen.r2 = woken.woken; }
    }

    /** Who begins to sleep sees what it waits for, or is woken. */
    @JCStressTest
    @Outcome(id = "false, false", expect = FORBIDDEN, desc = "slept through")
    @Outcome(expect = ACCEPTABLE)
    @State
    public static class SleepAndWake {

        private final OwnLatch latch = new OwnLatch(PROC);
        private volatile boolean over;
        private final Woken woken = new Woken();

        @Actor
        public void waker() {
            over = true;
            latch.wake();
        }

        @Actor
        public void owner(ZZ_Result seen) {
            latch.beginWait(woken, "Extension", "stress");
            seen.r1 = over;
        }

        @Arbiter
        public void after(ZZ_Result seen) { seen.r2 = woken.woken; }
    }
}
