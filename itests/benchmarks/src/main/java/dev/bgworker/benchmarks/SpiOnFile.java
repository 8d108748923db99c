package dev.bgworker.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** SPI on durable files: the same number of commits of the engine and the same bytes as plain JDBC, turn by turn. */
final class SpiOnFile implements Benchmark {

    private static final int SLICE = 300;
    private static final int WARM_UP = 5;
    private static final Duration LONGEST = Duration.ofSeconds(25);

    @Override
    public String name() { return "spi-file"; }

    @Override
    public void run(Ratios ratios) throws Exception {
        Path folder = Files.createTempDirectory("bench");
        try (BenchHost host = BenchHost.onFile(folder.resolve("ours"), "durable");
                SpiSide ours = new SpiSide(host).with(WorkerSpiTurn.SCHEMA);
                RawSession raw = new RawSession(BenchHost.fileUrl(folder.resolve("raw"))).with(WorkerSpiTurn.SCHEMA)
                        .prepared()) {
            Pairs<Written> pairs = new Pairs<>(() -> Written.of(SLICE, ours::turn), () -> Written.of(SLICE, raw::turn))
                    .warmUp(WARM_UP).take(LONGEST, List.of(Written::writes, Written::bytes));
            ratios.add(Row.atMost(1.05, name() + "-writes", "write calls a turn", pairs, Written::writes));
            ratios.add(Row.atMost(1.05, name() + "-bytes", "bytes a turn", pairs, Written::bytes));
            ratios.add(Row.told(name() + "-turn", "tx/s", pairs, Written::perSecond));
        } finally {
            Folders.delete(folder);
        }
    }
}
