package dev.bgworker.spi.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.spi.SpiResult.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InsertsTest {

    @ParameterizedTest
    @ValueSource(strings = {"INSERT INTO t VALUES (1, 'a')", "insert into t (a, b) values (?, coalesce(?, 'x, y (z)'))",
            "SELECT id FROM FINAL TABLE (INSERT INTO t (k, id) VALUES (?, NEXT VALUE FOR q) ON CONFLICT DO NOTHING)",
            "MERGE INTO t KEY (id) VALUES (1, 7)"})
    void oneTupleIsOneRow(String sql) { assertThat(Inserts.of(Code.OK_INSERT, sql)).isEqualTo(Inserts.ONE); }

    @ParameterizedTest
    @ValueSource(strings = {"INSERT INTO t VALUES (1), (2)", "INSERT INTO t VALUES (1)\n,(2)",
            "INSERT INTO t SELECT * FROM s",
            "INSERT INTO t SELECT * FROM (VALUES (1))", "INSERT INTO t VALUES 1, 2", "INSERT INTO t VALUES ((SELECT 1))",
            "INSERT INTO t VALUES ('values (1)'), ('b')", "INSERT INTO t VALUES (1) /* one */, (2)",
            "INSERT INTO \"VALUES (1)\" VALUES (1), (2)", "INSERT INTO t TABLE s",
            "MERGE INTO t USING (VALUES (1)) s (c) ON t.c = s.c WHEN MATCHED THEN DELETE",
            "SELECT a FROM FINAL TABLE (INSERT INTO t VALUES (1), (2))"})
    void anyOtherMayBeSeveral(String sql) {
        assertThat(Inserts.of(Code.OK_MERGE_RETURNING, sql)).isEqualTo(Inserts.SEVERAL);
    }

    @Test
    void onConflictLeavesSomeOut() {
        assertThat(Inserts.of(Code.OK_INSERT, "INSERT INTO t VALUES (1), (2) ON CONFLICT DO NOTHING"))
                .isEqualTo(Inserts.NOT_ALL);
    }

    @Test
    void whatIsNoInsertInsertsNothing() {
        assertThat(Inserts.of(Code.OK_UPDATE, "UPDATE t SET a = 1")).isEqualTo(Inserts.ONE);
    }
}
