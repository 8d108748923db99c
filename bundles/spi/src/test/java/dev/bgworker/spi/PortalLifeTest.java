package dev.bgworker.spi;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Portal;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.bgworker.api.spi.Portal.Direction.FORWARD;
import static dev.bgworker.spi.Cursors.ALL;
import static dev.bgworker.spi.Cursors.QUERY;
import static dev.bgworker.spi.Cursors.fetch;
import static dev.bgworker.spi.Cursors.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/** Cursors: which there are and how they end. */
class PortalLifeTest {

    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();

    @BeforeEach
    void table() { Cursors.table(db); }

    @AfterEach
    void stop() { host.close(); }

    @Test
    @Tag("R186")
    void namesAreUniqueAndGeneratedWhenThereIsNone() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Portal first = open(spi, false, false);
            Portal second = open(spi, true, false);
            assertThat(first.name()).isNotEqualTo(second.name()).startsWith("<unnamed portal ");
            Portal mine = spi.prepare(QUERY).openCursor("mine", false, false);
            assertThat(spi.cursorFind("mine")).containsSame(mine);
            assertThat(spi.cursorFind("Mine")).isEmpty();
            mine.close();
            assertThat(spi.cursorFind("mine")).isEmpty();
            spi.prepare(QUERY).openCursor("mine", false, false);
            Sql.assertError("42P03", () -> spi.prepare(QUERY).openCursor("mine", true, false));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INSERT INTO t VALUES (9, 'x')", "SELECT 1; SELECT 2", "CREATE TABLE u (a INT)", "", "COMMIT"})
    @Tag("R186")
    void onlyASingleStatementThatReturnsRowsHasACursor(String sql) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Sql.assertError("42P11", () -> spi.prepare(sql).openCursor(null, false, false));
        }
    }

    @Test
    @Tag("R186")
    void aWriteThatReturnsRowsIsDoneWhenItIsOpened() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Portal portal = spi.prepare("SELECT a FROM FINAL TABLE (UPDATE t SET b = 'y')").openCursor(null, false, false);
            assertThat(spi.execute("SELECT COUNT(*) FROM t WHERE b = 'y'", false, 0).get(0, 1, Long.class)).isEqualTo(3);
            assertThat(fetch(portal, FORWARD, ALL)).hasSize(3);
        }
    }

    @Test
    @Tag("R186")
    void valuesAreBoundAndCounted() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Portal portal = spi.prepare("SELECT a FROM t WHERE a >= $1 ORDER BY a").openCursor(null, false, false, 2);
            assertThat(fetch(portal, FORWARD, ALL)).containsExactly(2, 3);
            Sql.assertError("42601", () -> spi.prepare("SELECT $1").openCursor(null, false, false));
        }
    }

    @Test
    @Tag("R186")
    void itOutlivesItsSpiLevelButNotItsTransaction() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        Portal portal = spi.prepare(QUERY).openCursor("c", false, false);
        spi.close();
        Sql.assertError("55000", () -> portal.fetch(FORWARD, 1));
        tx.abort();

        Transaction next = db.startTransaction();
        Spi first = next.connect();
        Portal survives = first.prepare(QUERY).openCursor("c", false, false);
        first.close();
        Spi second = next.connect();
        assertThat(second.cursorFind("c")).containsSame(survives);
        assertThat(fetch(survives, FORWARD, ALL)).hasSize(3);
        second.close();
        next.commit();
        assertThatCode(survives::close).doesNotThrowAnyException();
        try (Transaction last = db.startTransaction(); Spi spi3 = last.connect()) {
            assertThat(spi3.cursorFind("c")).isEmpty();
            Sql.assertError("34000", () -> survives.fetch(FORWARD, 1));
        }
    }

    @Test
    @Tag("R186")
    void aSubtransactionHandsItsCursorsToTheParentOrClosesThem() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Transaction kept = tx.open("kept");
            Portal portal = spi.prepare(QUERY).openCursor("kept", false, false);
            kept.commit();
            assertThat(fetch(portal, FORWARD, 1)).containsExactly(1);

            Transaction dropped = tx.open("dropped");
            spi.prepare(QUERY).openCursor("dropped", false, false);
            spi.execute("INSERT INTO t VALUES (4, 'x')", false, 0);
            Portal buffered = spi.prepare(QUERY).openCursor("buffered", false, false);
            dropped.abort();
            assertThat(spi.cursorFind("dropped")).isEmpty();
            assertThat(spi.cursorFind("buffered")).isEmpty();
            assertThatCode(buffered::close).doesNotThrowAnyException();
            assertThat(fetch(portal, FORWARD, ALL)).containsExactly(2, 3);
        }
    }

    @Test
    @Tag("R186")
    void closingOneThatIsClosedIsAnErrorWhileItsTransactionIsOpen() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Portal portal = open(spi, false, false);
            portal.close();
            Sql.assertError("34000", portal::close);
            Sql.assertError("25P02", () -> spi.execute("SELECT 1", false, 0));
            assertThatCode(portal::close).doesNotThrowAnyException();
        }
    }

    @Test
    void ddlIsRefusedWhileACursorStreamsAndAllowedWhenItIsBuffered() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            open(spi, false, false);
            Sql.assertError("55006", () -> spi.execute("ALTER TABLE t ADD COLUMN c INT", false, 0));
        }
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); Held snapshot = tx.snapshot().push()) {
            Portal main = open(spi, true, false);
            Portal reader = open(spi, true, true);
            spi.execute("ALTER TABLE t ADD COLUMN c INT", false, 0);
            assertThat(fetch(main, FORWARD, ALL)).containsExactly(1, 2, 3);
            assertThat(fetch(reader, FORWARD, ALL)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aCursorForUpdateKeepsTheRowsLocked() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Portal portal = spi.prepare("SELECT a FROM t WHERE a = 1 FOR UPDATE").openCursor(null, false, false);
            assertThat(fetch(portal, FORWARD, 1)).containsExactly(1);
            Sql.assertFails(host.connect(), "55P03", "SELECT a FROM t WHERE a = 1 FOR UPDATE NOWAIT");
        }
    }

    @Test
    void anErrorInAFetchAbortsTheTransactionAndTheCursor() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Transaction sub = tx.open("sub");
            Portal portal = spi.prepare("SELECT 10 / (a - 2) FROM t").openCursor("c", false, false);
            Sql.assertError("22012", () -> portal.fetch(FORWARD, ALL));
            Sql.assertError("25P02", () -> portal.fetch(FORWARD, 1));
            sub.abort();
            assertThat(spi.cursorFind("c")).isEmpty();
            Transaction again = tx.open("again");
            Portal outer = spi.prepare("SELECT 10 / (a - 2) FROM t").openCursor("c", false, false);
            again.commit();
            Transaction inner = tx.open("inner");
            Sql.assertError("22012", () -> outer.fetch(FORWARD, ALL));
            inner.abort();
            Sql.assertError("55000", () -> outer.fetch(FORWARD, 1));
        }
    }
}
