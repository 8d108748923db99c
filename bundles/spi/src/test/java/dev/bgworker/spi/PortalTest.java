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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.bgworker.api.spi.Portal.Direction.ABSOLUTE;
import static dev.bgworker.api.spi.Portal.Direction.BACKWARD;
import static dev.bgworker.api.spi.Portal.Direction.FORWARD;
import static dev.bgworker.api.spi.Portal.Direction.RELATIVE;
import static dev.bgworker.spi.Cursors.ALL;
import static dev.bgworker.spi.Cursors.QUERY;
import static dev.bgworker.spi.Cursors.fetch;
import static dev.bgworker.spi.Cursors.open;
import static org.assertj.core.api.Assertions.assertThat;

/** Cursors: where they stand and what they see. */
class PortalTest {

    private final TestHost host = TestHost.inMemory();
    private final Session db = host.connect();

    @BeforeEach
    void table() { Cursors.table(db); }

    @AfterEach
    void stop() { host.close(); }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    @Tag("R186")
    void fetchAndMoveGoForward(boolean scroll, boolean readOnly) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); Held snapshot = tx.snapshot().push()) {
            Portal portal = open(spi, scroll, readOnly);
            assertThat(fetch(portal, FORWARD, 1)).containsExactly(1);
            assertThat(portal.move(FORWARD, 1)).isOne();
            assertThat(fetch(portal, FORWARD, ALL)).containsExactly(3);
            assertThat(fetch(portal, FORWARD, 1)).isEmpty();
            assertThat(portal.move(FORWARD, ALL)).isZero();
            assertThat(portal.fetch(FORWARD, 1).fname(1)).isEqualTo("a");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("R186")
    void aScrollCursorGoesAnywhere(boolean readOnly) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); Held snapshot = tx.snapshot().push()) {
            Portal portal = open(spi, true, readOnly);
            assertThat(fetch(portal, ABSOLUTE, -1)).containsExactly(3);
            assertThat(fetch(portal, BACKWARD, ALL)).containsExactly(2, 1);
            assertThat(fetch(portal, FORWARD, 2)).containsExactly(1, 2);
            assertThat(fetch(portal, FORWARD, 0)).containsExactly(2);
            assertThat(fetch(portal, RELATIVE, -1)).containsExactly(1);
            assertThat(portal.move(FORWARD, ALL)).isEqualTo(2);
            assertThat(portal.move(BACKWARD, 2)).isEqualTo(2);
            assertThat(fetch(portal, FORWARD, 0)).containsExactly(2);
            assertThat(fetch(portal, ABSOLUTE, 0)).isEmpty();
            assertThat(fetch(portal, ABSOLUTE, 9)).isEmpty();
            assertThat(fetch(portal, BACKWARD, 1)).containsExactly(3);
        }
    }

    @Test
    @Tag("R186")
    void aCursorWithoutScrollRefusesToGoBack() {
        for (boolean readOnly : new boolean[]{true, false}) {
            assertBackRefused(readOnly, portal -> portal.fetch(BACKWARD, 1));
            assertBackRefused(readOnly, portal -> portal.fetch(FORWARD, 0));
            assertBackRefused(readOnly, portal -> portal.move(ABSOLUTE, 1));
            assertBackRefused(readOnly, portal -> portal.fetch(ABSOLUTE, -1));
            assertBackRefused(readOnly, portal -> portal.fetch(RELATIVE, -1));
        }
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Portal portal = open(spi, false, false);
            assertThat(fetch(portal, ABSOLUTE, 2)).containsExactly(2);
            assertThat(portal.move(FORWARD, 0)).isOne();
            assertThat(fetch(portal, RELATIVE, 1)).containsExactly(3);
            assertThat(fetch(portal, RELATIVE, 5)).isEmpty();
        }
    }

    private void assertBackRefused(boolean readOnly, java.util.function.Consumer<Portal> back) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); Held snapshot = tx.snapshot().push()) {
            Portal portal = open(spi, false, readOnly);
            assertThat(fetch(portal, FORWARD, 2)).containsExactly(1, 2);
            Sql.assertError("55000", () -> back.accept(portal));
        }
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    @Tag("R186")
    void itSeesTheMomentOfItsOpening(boolean scroll, boolean readOnly) {
        Session other = host.connect();
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); Held snapshot = tx.snapshot().push()) {
            Portal portal = open(spi, scroll, readOnly);
            Sql.commit(other, "DELETE FROM t WHERE a = 2");
            spi.execute("INSERT INTO t VALUES (4, 'own')", false, 0);
            Sql.commit(other, "INSERT INTO t VALUES (5, 'x')");
            assertThat(fetch(portal, FORWARD, ALL)).containsExactly(1, 2, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("R186")
    void itSeesWhatItsTransactionWroteBefore(boolean scroll) {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            spi.execute("INSERT INTO t VALUES (4, 'own')", false, 0);
            Portal portal = open(spi, scroll, false);
            spi.execute("DELETE FROM t", false, 0);
            assertThat(fetch(portal, FORWARD, ALL)).containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    @Tag("R186")
    void aReadOnlyCursorHasTheViewOfTheActiveSnapshotAlsoWhenItIsPopped() {
        Session other = host.connect();
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Sql.assertError("55000", () -> open(spi, false, true));
        }
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            Held snapshot = tx.snapshot().push();
            Sql.commit(other, "INSERT INTO t VALUES (4, 'late')");
            Portal portal = open(spi, false, true);
            assertThat(fetch(portal, FORWARD, 1)).containsExactly(1);
            snapshot.close();
            try (Held next = tx.snapshot().push()) {
                assertThat(spi.execute("SELECT COUNT(*) FROM t", true, 0).get(0, 1, Long.class)).isEqualTo(4);
            }
            Sql.commit(other, "DELETE FROM t");
            assertThat(fetch(portal, FORWARD, ALL)).containsExactly(2, 3);
        }
    }

    @Test
    void statementsOnTheSameSnapshotDoNotDisturbCursorsThatStream() {
        Sql.commit(db, "INSERT INTO t SELECT \"X\", 'x' FROM SYSTEM_RANGE(4, 20000)");
        Session other = host.connect();
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect(); Held snapshot = tx.snapshot().push()) {
            Portal one = open(spi, false, true);
            Portal two = open(spi, false, true);
            Sql.commit(other, "DELETE FROM t WHERE a > 10");
            int seen = 0;
            for (int from = 1; from < 20000; from += 1000) {
                seen += fetch(one, FORWARD, 1000).size();
                assertThat(fetch(two, FORWARD, 1)).containsExactly(from / 1000 + 1);
                assertThat(spi.execute("SELECT COUNT(*) FROM t", true, 0).get(0, 1, Long.class)).isEqualTo(20000);
                assertThat(spi.execute(QUERY, true, 1).get(0, 1, Long.class)).isOne();
            }
            assertThat(seen).isEqualTo(20000);
        }
    }
}
