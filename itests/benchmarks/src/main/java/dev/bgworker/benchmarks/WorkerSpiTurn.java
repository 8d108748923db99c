package dev.bgworker.benchmarks;

import java.util.List;

/** What worker_spi does in one turn, as the statements that ours and the anchor run alike. */
final class WorkerSpiTurn {

    static final String INSERT = "INSERT INTO counted VALUES ('delta', 1)";
    static final String TAKE = "SELECT COALESCE(SUM(value), 0) FROM OLD TABLE (DELETE FROM counted WHERE type = 'delta')";
    static final String ADD = "UPDATE counted SET value = value + ? WHERE type = 'total'";
    static final String READ = "SELECT v FROM kept WHERE k = ?";
    /** Each time another key, since H2 gives the last result again when nothing has changed. */
    static final int KEYS = 1_024;

    private WorkerSpiTurn() {}

    /** Tables beside it, since a snapshot of H2 costs by their number. */
    static List<String> others(int count) {
        return java.util.stream.IntStream.range(0, count).mapToObj(i -> "CREATE TABLE other" + i + " (a INT)").toList();
    }

    static final List<String> SCHEMA = List.of("CREATE TABLE counted (type TEXT, value INT)",
            "CREATE INDEX counted_type ON counted (type)", "INSERT INTO counted VALUES ('total', 0)",
            "CREATE TABLE kept (k INT PRIMARY KEY, v INT)",
            "INSERT INTO kept SELECT x, x FROM SYSTEM_RANGE(0, " + (KEYS - 1) + ")");
}
