package dev.bgworker.spi;

import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.SpiResult.Code;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.spi.timeout.HostLimits;
import dev.bgworker.spi.timeout.SessionSettings;
import dev.bgworker.spi.timeout.Setting;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** SET, RESET and SHOW of what spi obeys itself. */
class SettingsTest {

    private final TestHost host = TestHost.inMemory();
    private final TestProcess process = host.process();
    private final Session db = process.connect(ConnectTo.database("postgres"));

    @AfterEach
    void stop() { host.close(); }

    private String show(String name) { return Sql.single(db, String.class, "SHOW " + name); }

    private static String show(Spi spi, String name) {
        return spi.execute("SHOW " + name, false, 0).get(0, 1, String.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"SET statement_timeout = 5000 | 5s", "SET statement_timeout TO '90s' | 90s",
            "SET SESSION statement_timeout = '2 min' | 2min", "set Statement_Timeout to 1500 | 1500ms",
            "SET statement_timeout = 0 | 0", "SET statement_timeout = DEFAULT | 7s", "RESET statement_timeout | 7s",
            "SET LOCAL statement_timeout = 5 | 7s"})
    void aValueIsShownAsPostgresShowsIt(String sql, String shown) {
        host.settings().set("statement_timeout", "7s");
        assertThat(show("statement_timeout")).isEqualTo("7s");
        assertThat(Sql.commit(db, sql)).isEqualTo(Code.OK_UTILITY);
        assertThat(show("statement_timeout")).isEqualTo(shown);
    }

    @Test
    void showReturnsOneRowNamedAsTheSetting() {
        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            SpiResult row = spi.execute("SHOW lock_timeout", false, 0);
            assertThat(row.code()).isEqualTo(Code.OK_UTILITY);
            assertThat(row.numvals()).isOne();
            assertThat(row.fname(1)).isEqualTo("lock_timeout");
            assertThat(row.gettype(1)).isEqualTo("text");
            tx.commit();
        }
    }

    @Test
    void setIsUndoneByAnAbortAndSetLocalByEitherEnd() {
        Transaction tx = db.startTransaction();
        Spi spi = tx.connect();
        spi.execute("SET lock_timeout = '1s'", false, 0);
        Transaction sub = tx.open("sub");
        spi.execute("SET lock_timeout = '2s'; SET application_name = 'inner'", false, 0);
        sub.abort();
        assertThat(show(spi, "lock_timeout")).isEqualTo("1s");
        Transaction good = tx.open("good");
        spi.execute("SET LOCAL lock_timeout = '3s'", false, 0);
        good.commit();
        assertThat(show(spi, "lock_timeout")).isEqualTo("3s");
        spi.close();
        tx.commit();
        assertThat(show("lock_timeout")).isEqualTo("1s");
        Transaction aborted = db.startTransaction();
        aborted.connect().execute("SET lock_timeout = '4s'", false, 0);
        aborted.abort();
        assertThat(show("lock_timeout")).isEqualTo("1s");
        assertThat(process.names).containsExactly("inner", "");
    }

    @Test
    void applicationNameIsShownInTheActivity() {
        Sql.commit(db, "SET application_name = 'it''s me'");
        assertThat(process.names).containsExactly("it's me");
        assertThat(show("application_name")).isEqualTo("it's me");
        Sql.commit(db, "SET LOCAL application_name = 'briefly'");
        assertThat(process.names).containsExactly("it's me", "briefly", "it's me");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SET statement_timeout = 'soon'", "SET lock_timeout = '3000000000'"})
    void aValueThatIsNoneIs22023(String sql) { Sql.assertFails(db, "22023", sql); }

    @ParameterizedTest
    @ValueSource(strings = {"SET SCHEMA s", "SET LOCK_TIMEOUT 5", "SET search_path = x", "SET ROLE x", "RESET ALL",
            "SET deadlock_timeout = 5", "SET MODE PostgreSQL", "SET statement_timeout = 1 + 1", "SET QUERY_TIMEOUT 5"})
    @Tag("R94")
    void allOtherSettingsStayTheHosts(String sql) { Sql.assertFails(db, "42501", sql); }

    @Test
    @Tag("R98")
    void storedSettingsWinOverTheHostsAndSetOverThem() {
        host.settings().set("lock_timeout", "9s");
        try (HostLimits limits = new HostLimits(host.settings())) {
            SessionSettings settings = new SessionSettings(limits, Map.of("lock_timeout", "2000", "application_name",
                    "stored", "work_mem", "4MB"), process);
            assertThat(settings.show(Setting.LOCK_TIMEOUT)).isEqualTo("2s");
            assertThat(settings.limits().lock()).isEqualTo(2_000_000_000L);
            assertThat(process.names).containsExactly("stored");
            settings.set(Setting.LOCK_TIMEOUT, false, "1");
            assertThat(settings.limits().lock()).isEqualTo(1_000_000L);
            settings.set(Setting.LOCK_TIMEOUT, false, null);
            assertThat(settings.show(Setting.LOCK_TIMEOUT)).isEqualTo("2s");
            host.settings().set("statement_timeout", "3s");
            assertThat(settings.limits().statement()).isEqualTo(3_000_000_000L);
        }
    }
}
