package dev.bgworker.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries that run as transactions of their own, which nobody can tell. */
@Timeout(60)
class PlainReadTest {

    private final PlainReads reads = new PlainReads();
    private final Session db = reads.db;

    @AfterEach
    void stop() { reads.close(); }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT a FROM t WHERE id = 1", "SELECT * FROM public.t x, u WHERE x.id = u.b AND s LIKE 'o%'",
            "SELECT COUNT(*), COALESCE(SUM(a), 0), MAX(id) FROM t", "SELECT \"user\" FROM t ORDER BY id DESC LIMIT 1",
            "SELECT s FROM u LEFT JOIN t ON t.id = u.b GROUP BY s HAVING COUNT(*) > 0"})
    void aQueryOfTablesAlone(String sql) { assertThat(reads.plain(sql)).isTrue(); }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT b FROM v", "SELECT pg_backend_pid() FROM t", "SELECT CURRENT_TIMESTAMP FROM t",
            "SELECT user FROM t", "SELECT NEXT VALUE FOR q FROM t", "SELECT nextval('q') FROM t",
            "SELECT a FROM t FOR UPDATE",
            "SELECT COUNT(*) FROM information_schema.tables", "SELECT rolname FROM pg_roles",
            "SELECT a FROM (SELECT a FROM t)",
            "SELECT 1", "SELECT a FROM large", "SELECT a FROM timed", "SELECT a FROM domained", "SELECT b FROM local",
            "SELECT /* all */ a FROM t", "SELECT s FROM u WHERE s = '/*'", "SELECT s FROM u WHERE s = mark", "TABLE t",
            "SELECT a FROM t WHERE CAST('10:00' AS TIME) < at", "VALUES (1)", "WITH w AS (SELECT a FROM t) SELECT a FROM w",
            "SELECT id FROM FINAL TABLE (UPDATE t SET a = 1)", "UPDATE t SET a = a", "SELECT a FROM t WHERE RAND() > 1",
            "SELECT a FROM t UNION SELECT b FROM u", "SELECT ROW_NUMBER() OVER () FROM t", "SELECT s FROM other.named"})
    void whatMightDoMoreIsNone(String sql) {
        Sql.ddl(db, "CREATE VIEW v AS SELECT b, CURRENT_TIMESTAMP AS at FROM u");
        Sql.ddl(db, "CREATE SEQUENCE q");
        Sql.ddl(db, "CREATE TABLE large (a CLOB)");
        Sql.ddl(db, "CREATE TABLE timed (a TIME)");
        Sql.ddl(db, "CREATE DOMAIN d AS INT");
        Sql.ddl(db, "CREATE TABLE domained (a d)");
        Sql.ddl(db, "CREATE CONSTANT mark VALUE '/*'");
        Sql.ddl(db, "CREATE SCHEMA other");
        Sql.ddl(db, "CREATE VIEW other.named AS SELECT s FROM u");
        if (sql.contains("local")) {
            Sql.ddl(db, "CREATE LOCAL TEMPORARY TABLE local (b INT)");
        }
        assertThat(reads.plain(sql)).isFalse();
    }

    @Test
    void aTimeOfDayAmongTheValuesMeansTheDayOfTheTransaction() {
        String sql = "SELECT a FROM t WHERE at > ?";
        assertThat(reads.plain(sql, OffsetDateTime.now())).isTrue();
        assertThat(reads.plain(sql, LocalTime.NOON)).isFalse();
        assertThat(reads.plain(sql, OffsetDateTime.now())).isTrue();
    }

    @Test
    void ddlOfAnotherSessionHasItLookedAtAgain() {
        Session other = reads.host.connect();
        String all = "SELECT * FROM u";
        reads.often(all);
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            assertThat(spi.execute(all, false, 0).natts()).isEqualTo(2);
            assertThat(reads.transactionInEngine()).isFalse();
            Sql.ddl(other, "ALTER TABLE u ADD COLUMN c CLOB");
            SpiResult changed = spi.execute(all, false, 0);
            assertThat(changed.natts()).isEqualTo(3);
            assertThat(reads.transactionInEngine()).isTrue();
            tx.commit();
        }
        assertThat(reads.plain(all)).isFalse();
        Sql.ddl(other, "ALTER TABLE u DROP COLUMN c");
        assertThat(reads.plain(all)).isTrue();
        Sql.ddl(other, "ALTER TABLE u RENAME TO w");
        Sql.ddl(other, "CREATE VIEW u AS SELECT b, s, CURRENT_TIMESTAMP AS at FROM w");
        assertThat(reads.plain(all)).isFalse();
    }

    @Test
    void columnsAreThoseOfTheSchemaAndTheValues() {
        Session other = reads.host.connect();
        reads.often("SELECT b FROM u");
        Sql.ddl(other, "ALTER TABLE u ALTER COLUMN b SET DATA TYPE TEXT");
        assertThat(type("SELECT b FROM u")).isEqualTo("varchar");
        assertThat(Sql.single(db, String.class, "SELECT b FROM u")).isEqualTo("1");

        String given = "SELECT ? AS given";
        reads.often(given, 1);
        assertThat(type(given, 1)).isEqualTo("int4");
        assertThat(type(given, "x")).isEqualTo("varchar");
        assertThat(type(given, java.time.LocalDate.EPOCH)).isEqualTo("date");
        assertThat(type(given, 1)).isEqualTo("int4");
    }

    private String type(String sql, Object... args) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            String type = spi.execute(sql, false, 0, args).gettype(1);
            tx.commit();
            return type;
        }
    }

    @Test
    void aTemporaryTableHidesAViewOfTheHostUntilACommitDropsIt() {
        String all = "SELECT * FROM pg_roles";
        Sql.ddl(db, "CREATE LOCAL TEMPORARY TABLE pg_roles (c DATE) ON COMMIT DROP");
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            for (int i = 0; i < PlainReads.OFTEN; i++) {
                assertThat(spi.execute(all, false, 0).natts()).isOne();
            }
            tx.commit();
        }
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            assertThat(spi.execute(all, false, 0).natts()).isGreaterThan(1);
            tx.commit();
        }
    }
}
