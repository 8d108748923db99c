package dev.bgworker.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * SPI in memory, where what it adds to plain JDBC shows most: turn, query, the explicit cycle, opening, nothing. Slices of both
 * sides are thrown away until the medians of neither have improved for three seconds: what spi adds is compiled together with
 * the engine below it, seconds after the engine alone, and until then the figures are those of the compiler.
 */
final class SpiInMemory implements Benchmark {

    private static final int SLICE = 4_000;
    private static final int FEW = 400;
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(20);
    private static final Duration LONGEST = Duration.ofSeconds(25);

    private final int tables;

    SpiInMemory(int tables) { this.tables = tables; }

    @Override
    public String name() { return "spi-memory-" + tables; }

    @Override
    public void run(Ratios ratios) throws Exception {
        try (BenchHost host = BenchHost.inMemory();
                SpiSide ours = new SpiSide(host).with(WorkerSpiTurn.others(tables - 1)).with(WorkerSpiTurn.SCHEMA);
                RawSession raw = new RawSession(BenchHost.MEMORY_URL).with(WorkerSpiTurn.others(tables - 1))
                        .with(WorkerSpiTurn.SCHEMA).prepared()) {
            Pairs<Rate> turn = pairs(SLICE, ours::turn, raw::turn);
            ratios.add(Row.atLeast(0.85, name() + "-turn", "tx/s", turn, Rate::perSecond));
            ratios.add(Row.told(name() + "-turn-bytes", "bytes", turn, Rate::bytes));
            ratios.add(Row.atLeast(0.85, name() + "-query", "tx/s", pairs(SLICE, ours::read, raw::read),
                    Rate::perSecond));
            ratios.add(Row.told(name() + "-query-read-only", "tx/s", pairs(SLICE, ours::readOnly, raw::read),
                    Rate::perSecond));
            ratios.add(Row.told(name() + "-cycle", "tx/s", pairs(SLICE, ours::cycle, raw::turn), Rate::perSecond));
            ratios.add(Row.told(name() + "-empty", "us", pairs(SLICE, ours::empty, raw::empty), Rate::micros));
            ratios.add(Row.told(name() + "-push", "us", pairs(SLICE, ours::snapshot, raw::empty), Rate::micros));
        }
        try (BenchHost host = BenchHost.inMemory(); RawSession raw = new RawSession(BenchHost.MEMORY_URL)) {
            ratios.add(Row.told(name() + "-open", "us", pairs(FEW, () -> new SpiSide(host).close(), raw::open),
                    Rate::micros));
        }
    }

    private static Pairs<Rate> pairs(int slice, Rate.Step ours, Rate.Step anchor) throws Exception {
        return new Pairs<>(() -> Rate.of(slice, ours), () -> Rate.of(slice, anchor))
                .warmUp(new Steady(QUIET, LONGEST_WARM_UP, System::nanoTime), Rate::perSecond)
                .take(LONGEST, List.of(Rate::perSecond));
    }
}
