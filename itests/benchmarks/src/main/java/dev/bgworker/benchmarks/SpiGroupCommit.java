package dev.bgworker.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

/** The profile fsync: four workers that commit at once share what one of them would wait for alone. */
final class SpiGroupCommit implements Benchmark {

    private static final int WORKERS = 4;
    private static final int SLICE = 40;
    private static final int WARM_UP = 3;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    @Override
    public String name() { return "spi-fsync"; }

    @Override
    public void run(Ratios ratios) throws Exception {
        Path folder = Files.createTempDirectory("bench");
        try (BenchHost host = BenchHost.onFile(folder, "fsync")) {
            try (SpiSide maker = new SpiSide(host)) {
                for (int i = 0; i < WORKERS; i++) {
                    maker.with(List.of("CREATE TABLE mine" + i + " (a INT)"));
                }
            }
            Pairs<Double> pairs = new Pairs<>(() -> commits(host, WORKERS), () -> commits(host, 1)).warmUp(WARM_UP)
                    .take(LONGEST, List.of(rate -> rate));
            ratios.add(Row.atLeast(2.5, name() + "-four", "tx/s", pairs, rate -> rate));
        } finally {
            Folders.delete(folder);
        }
    }

    /** Of so many sessions together, from when all are open. */
    private static double commits(BenchHost host, int sessions) throws Exception {
        CountDownLatch open = new CountDownLatch(sessions);
        CountDownLatch go = new CountDownLatch(1);
        List<FutureTask<Void>> work = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            List<String> insert = List.of("INSERT INTO mine" + i + " VALUES (1)");
            FutureTask<Void> task = new FutureTask<>(() -> {
                try (SpiSide side = new SpiSide(host)) {
                    open.countDown();
                    go.await();
                    for (int j = 0; j < SLICE; j++) {
                        side.with(insert);
                    }
                }
                return null;
            });
            work.add(task);
            new Thread(task).start();
        }
        open.await();
        long start = System.nanoTime();
        go.countDown();
        for (FutureTask<Void> task : work) {
            task.get();
        }
        return sessions * SLICE * 1e9 / (System.nanoTime() - start);
    }
}
