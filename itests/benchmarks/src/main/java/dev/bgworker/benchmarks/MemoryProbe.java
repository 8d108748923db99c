package dev.bgworker.benchmarks;

import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** One slice of {@link Memory}: what each of many adds to this JVM. */
public final class MemoryProbe {

    private static final int FIRST = 50;
    private static final int RUNNING = 1_000;
    private static final int WAITING = 50_000;

    private MemoryProbe() {}

    /** Starts that many and returns when all are in their place. */
    private interface Start {
        void start(int count) throws InterruptedException;
    }

    /** @param args "workers", "threads" or "waiting"; file for the answer */
    public static void main(String[] args) throws Exception {
        BenchHost host = new BenchHost(FIRST + WAITING, Server.State.CONSISTENT);
        MemoryUse use = switch (args[0]) {
            case "workers" -> of(RUNNING, count -> running(host, count));
            case "waiting" -> of(WAITING, count -> waiting(host, count));
            case "threads" -> of(RUNNING, MemoryProbe::threads);
            default -> throw new IllegalArgumentException(args[0]);
        };
        Files.writeString(Path.of(args[1]), use.text());
    }

    /** The first few bring what they all share. */
    private static MemoryUse of(int count, Start start) throws IOException, InterruptedException {
        start.start(FIRST);
        MemoryUse before = MemoryUse.now();
        start.start(count);
        return MemoryUse.now().since(before, count);
    }

    private static void running(BenchHost host, int count) throws InterruptedException {
        CountDownLatch inMain = new CountDownLatch(count);
        host.waiting("wait", inMain::countDown);
        for (int i = 0; i < count; i++) {
            host.register(BenchHost.definition("running " + i, "wait").startTime(StartTime.CONSISTENT_STATE).build());
        }
        inMain.await();
        host.caughtUp();
    }

    private static void waiting(BenchHost host, int count) {
        for (int i = 0; i < count; i++) {
            host.register(BenchHost.definition("waiting " + i, "wait").startTime(StartTime.RECOVERY_FINISHED).build());
        }
        host.caughtUp();
    }

    private static void threads(int count) throws InterruptedException {
        CountDownLatch parked = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            BareThread.start(() -> {
                parked.countDown();
                while (true) {
                    LockSupport.park();
                }
            });
        }
        parked.await();
    }
}
