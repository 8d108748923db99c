package dev.bgworker.benchmarks;

import java.util.List;

/** What worker_spi does in one turn, as the statements that ours and the anchor run alike. */
final class WorkerSpiTurn {

    static final String INSERT = "INSERT INTO counted VALUES ('delta', 1)";
    static final String TAKE = "SELECT COALESCE(SUM(value), 0) FROM OLD TABLE (DELETE FROM counted WHERE type = 'delta')";
    static final String ADD = "UPDATE counted SET value = value + ? WHERE type = 'total'";
    static final String READ = "SELECT value FROM counted WHERE type = ?";

    private WorkerSpiTurn() {}

    /** Tables beside it, since a snapshot of H2 costs by their number. */
    static List<String> others(int count) {
        return java.util.stream.IntStream.range(0, count).mapToObj(i -> "CREATE TABLE other" + i + " (a INT)").toList();
    }

    static final List<String> SCHEMA = List.of("CREATE TABLE counted (type TEXT, value INT)",
            "CREATE INDEX counted_type ON counted (type)", "INSERT INTO counted VALUES ('total', 0)");
}
