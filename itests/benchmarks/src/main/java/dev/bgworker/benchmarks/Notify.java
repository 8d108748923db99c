package dev.bgworker.benchmarks;

import dev.bgworker.api.Backend;
import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session.Notification;
import dev.bgworker.toolkit.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/** NOTIFY in memory: what it adds to a commit, and how soon the listener has the message. */
final class Notify implements Benchmark {

    private static final int COMMITS = 4_000;
    private static final int WAKES = 1_000;
    private static final int WARM_UP = 12;
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final ConnectTo POSTGRES = ConnectTo.database("postgres");
    private static final String INSERT = "INSERT INTO notes VALUES (1)";

    private final Semaphore heard = new Semaphore(0);
    private final CountDownLatch listening = new CountDownLatch(1);
    // The benchmark's thread alone.
    private int sent;

    @Override
    public String name() { return "notify"; }

    @Override
    public void run(Ratios ratios) throws Exception {
        try (BenchHost host = BenchHost.inMemory(); Backend backend = host.openBackend("bench")) {
            Transactions sender = Transactions.of(backend, backend.connect(POSTGRES));
            sender.inTransaction(sql -> sql.execute("CREATE TABLE notes (a INT)"));
            ratios.add(Row.told("notify-commit-unheard", "tx/s", commits(sender), Rate::perSecond));
            host.function("listen", this::listen);
            host.register(BenchHost.definition("listener", "listen")
                    .flags(Set.of(Flag.SHMEM_ACCESS, Flag.DATABASE_CONNECTION)).build());
            listening.await();
            sent = 0;
            Pairs<Rate> commits = commits(sender);
            ratios.add(Row.told("notify-commit", "tx/s", commits, Rate::perSecond));
            ratios.add(Row.told("notify-commit-bytes", "bytes", commits, Rate::bytes));
            heard.acquire(sent);
            wake(ratios, sender);
        }
    }

    private Pairs<Rate> commits(Transactions sender) throws Exception {
        return new Pairs<>(() -> Rate.of(COMMITS, () -> notify(sender)),
                () -> Rate.of(COMMITS, () -> sender.inTransaction(sql -> sql.execute(INSERT)))).warmUp(WARM_UP).take(LONGEST,
                        List.of(Rate::perSecond));
    }

    private long notify(Transactions sender) {
        sent++;
        return sender.inTransaction(sql -> {
            sql.transaction().asyncNotify("notes", "one");
            return sql.execute(INSERT);
        });
    }

    /** There and back; the anchor's listener is a thread at a queue. */
    private void wake(Ratios ratios, Transactions sender) throws Exception {
        LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
        Thread bare = new Thread(() -> echo(queue), "bare listener");
        bare.setDaemon(true);
        bare.start();
        Pairs<Rate> wakes = new Pairs<>(() -> Rate.of(WAKES, () -> {
            notify(sender);
            heard.acquire();
        }), () -> Rate.of(WAKES, () -> {
            sender.inTransaction(sql -> sql.execute(INSERT));
            queue.add("one");
            heard.acquire();
        })).warmUp(WARM_UP).take(LONGEST, List.of(Rate::micros));
        ratios.add(Row.told("notify-wake", "us", wakes, Rate::micros));
        bare.interrupt();
    }

    private void echo(LinkedBlockingQueue<String> queue) {
        try {
            while (queue.take() != null) {
                heard.release();
            }
        } catch (InterruptedException expected) {
            // The benchmark is over.
        }
    }

    private void listen(WorkerContext worker) {
        worker.interrupts().unblock();
        Inbox<Notification> inbox = worker.connect(POSTGRES).listen("notes");
        listening.countDown();
        while (true) {
            worker.latch().await(Latch.FOREVER, "benchmark");
            worker.latch().reset();
            worker.interrupts().check();
            while (inbox.poll().isPresent()) {
                heard.release();
            }
        }
    }
}
