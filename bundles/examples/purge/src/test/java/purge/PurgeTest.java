package purge;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.Breakpoint;
import dev.bgworker.testing.LogLine;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestSql;
import dev.bgworker.testing.TestWorker;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.event.Level;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** The scheduled purge, on a clock that the tests move. */
class PurgeTest {

    /** The day before Europe puts its clocks forward: 02:30 in Berlin is 01:30 UTC today, and is not there tomorrow. */
    private static final Instant START = Instant.parse("2026-03-28T00:00:00Z");

    @RegisterExtension
    final BgworkerExtension hosts = BgworkerExtension.with(host -> host.at(START)
            .settings(Map.of("purge.zone", "Europe/Berlin", "purge.keep", "7d", "purge.batch", "10")));

    private static TestWorker worker(TestHost host) {
        return host.define(BackgroundWorker.builder("purge", "purge", "purge_main").mainArg(Datum.of("postgres")),
                Purge::new);
    }

    private static TestWorker started(TestHost host) { return worker(host).start().awaitIdle("MainLoop"); }

    /** A table with a rule, and so many rows of each age in days. */
    private static void table(TestHost host, String name, String keep, int rows, int... ages) {
        host.sql(sql -> {
            sql.execute("CREATE TABLE " + name + " (at TIMESTAMP WITH TIME ZONE)");
            for (int age : ages) {
                sql.execute("INSERT INTO " + name + " SELECT ? FROM system_range(1, ?)", START.minus(ofDays(age)), rows);
            }
            return rule(sql, name, keep);
        });
    }

    private static long rule(TestSql sql, String table, String keep) {
        return sql.execute("INSERT INTO purge.rules (table_name, column_name, keep) VALUES (?, 'at', ?)", table, keep);
    }

    private static long rows(TestHost host, String table) {
        return host.<Long, RuntimeException>sql(sql -> sql.single(Long.class, "SELECT count(*) FROM " + table));
    }

    private static void purgeNow(TestHost host) {
        host.sql(sql -> {
            sql.transaction().asyncNotify("purge", "");
            return null;
        });
        host.settle();
    }

    @Test
    void rowsThatAreTooOldGoAtTheTimeOfTheSchedule(TestHost host) {
        started(host);
        table(host, "events", null, 3, 1, 6, 8, 30);
        table(host, "audit", "20 d", 3, 1, 6, 8, 30);

        host.advance(ofMinutes(89));
        assertThat(rows(host, "events")).isEqualTo(12);
        host.advance(ofMinutes(1));

        assertThat(rows(host, "events")).isEqualTo(6);
        assertThat(rows(host, "audit")).isEqualTo(9);
        assertThat(reports(host)).containsExactly("audit: 3 at 2026-03-28T01:30:00Z null",
                "events: 6 at 2026-03-28T01:30:00Z null");
    }

    private static List<String> reports(TestHost host) {
        return host.sql(sql -> {
            SpiResult rows = sql.query("SELECT table_name, purged, purged_at, error FROM purge.rules ORDER BY 1");
            return IntStream.range(0, rows.numvals()).mapToObj(row -> rows.get(row, 1, String.class) + ": "
                    + rows.get(row, 2, Long.class) + " at " + rows.get(row, 3, OffsetDateTime.class).toInstant() + " "
                    + rows.get(row, 4, String.class)).toList();
        });
    }

    @Test
    void timeThatIsSkippedWhenClocksGoForwardIsMadeUpForAtOnce(TestHost host) {
        TestWorker worker = started(host);
        table(host, "events", null, 1, 30);

        host.advance(ofDays(3));

        assertThat(purges(worker)).containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    }

    @Test
    void timeThatComesTwiceWhenClocksGoBackIsForOnePurge(TestHost host) {
        host.advance(ofDays(210)); // October 24
        TestWorker worker = started(host);
        table(host, "events", null, 1, 30);

        host.advance(ofDays(3));

        assertThat(purges(worker)).containsExactly("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    }

    private static List<String> purges(TestWorker worker) {
        return worker.log().stream().filter(line -> line.message().startsWith("purged ")).map(LogLine::at)
                .map(Instant::toString).toList();
    }

    @Test
    void batchesAreTransactionsOfTheirOwn(TestHost host) {
        TestWorker worker = started(host);
        table(host, "events", null, 25, 30);
        long before = worker.calls("Session.startTransaction");

        purgeNow(host);

        assertThat(rows(host, "events")).isZero();
        assertThat(worker.calls("Session.startTransaction") - before).isEqualTo(1 + 3 + 1);
    }

    @Test
    void notifyPurgesAtOnceAndNothingElseDoes(TestHost host) {
        TestWorker worker = started(host);
        table(host, "events", null, 1, 30);

        host.settings(Map.of("purge.batch", "5"));
        worker.signal(Signal.USR1);
        host.settle();
        assertThat(rows(host, "events")).isOne();
        purgeNow(host);

        assertThat(rows(host, "events")).isZero();
    }

    @Test
    @Tag("P31")
    void ruleThatFailsIsToldAndTheOthersAreCarriedOut(TestHost host) {
        TestWorker worker = started(host);
        table(host, "a", "a week", 1, 30);
        table(host, "z", null, 1, 30);
        host.sql(sql -> rule(sql, "is gone", null));

        purgeNow(host);

        assertThat(rows(host, "a")).isOne();
        assertThat(rows(host, "z")).isZero();
        assertThat(worker.log()).extracting(LogLine::message)
                .anySatisfy(
                        line -> assertThat(line).startsWith("could not purge \"public\".\"is gone\": ").contains("42P01"))
                .anySatisfy(line -> assertThat(line).contains("invalid value for keep").contains("Valid units"));
        assertThat(reports(host))
                .anyMatch(each -> each.startsWith("is gone: 0 at 2026-03-28T00:00:00Z") && each.contains("gone"))
                .anyMatch(each -> each.startsWith("z: 1 at") && each.endsWith("null"));
    }

    @Test
    void namesAreNamesAndNoSql(TestHost host) {
        started(host);
        table(host, "events", null, 1, 30);
        host.sql(sql -> rule(sql, "events\" --", null));
        host.sql(sql -> sql.execute("UPDATE purge.rules SET column_name = 'at\" < now() --' WHERE table_name = 'events'"));

        purgeNow(host);

        assertThat(rows(host, "events")).isOne();
    }

    @Test
    void whatFailsForOneTableInTheMiddleKeepsWhatWasDone(TestHost host) {
        TestWorker worker = started(host);
        table(host, "a", null, 25, 30);
        table(host, "z", null, 25, 30);

        worker.fail("Spi.execute", 1 + 2, new ErrorException(errcode("53100", "the disk is full")));
        purgeNow(host);

        assertThat(rows(host, "a")).isEqualTo(15);
        assertThat(rows(host, "z")).isZero();
        assertThat(reports(host)).containsExactly("a: 10 at 2026-03-28T00:00:00Z the disk is full",
                "z: 25 at 2026-03-28T00:00:00Z null");
    }

    @Test
    void termIsHeededBetweenBatches(TestHost host) {
        TestWorker worker = started(host);
        table(host, "events", null, 25, 30);
        Breakpoint afterOne = worker.stopAfter("Transaction.commit", 2);

        host.sql(sql -> {
            sql.transaction().asyncNotify("purge", "");
            return null;
        });
        afterOne.await();
        worker.signal(Signal.TERM);
        afterOne.resume();

        assertThat(worker.awaitExit().status()).isZero();
        assertThat(rows(host, "events")).isEqualTo(15);
    }

    @Test
    void afterTermNothingIsReportedThatWasNotPurgedToItsEnd(TestHost host) {
        TestWorker worker = started(host);
        table(host, "a", null, 5, 30);
        table(host, "b", null, 25, 30);
        table(host, "c", null, 5, 30);
        Breakpoint amidB = worker.stopAfter("Transaction.commit", 1 + 2 + 1); // the rules, a and its report, a batch of b

        host.sql(sql -> {
            sql.transaction().asyncNotify("purge", "");
            return null;
        });
        amidB.await();
        worker.signal(Signal.TERM);
        amidB.resume();

        assertThat(worker.awaitExit().status()).isZero();
        assertThat(List.of(rows(host, "a"), rows(host, "b"), rows(host, "c"))).containsExactly(0L, 15L, 5L);
        assertThat(host.<List<String>, RuntimeException>sql(
                sql -> sql.column(String.class, "SELECT table_name FROM purge.rules WHERE purged_at IS NOT NULL")))
                .containsExactly("a");
    }

    @Test
    void scheduleIsTakenAnewWithTheSettings(TestHost host) {
        TestWorker worker = started(host);
        table(host, "events", null, 1, 30);

        host.settings(Map.of("purge.schedule", "@hourly", "purge.zone", "UTC"));
        host.advance(ofHours(2).plus(ofSeconds(1)));
        host.settings(Map.of("purge.schedule", "at noon"));
        host.advance(Duration.ofHours(1));

        assertThat(purges(worker)).containsExactly("2026-03-28T01:00:00Z", "2026-03-28T02:00:00Z", "2026-03-28T03:00:00Z");
        assertThat(worker.log()).extracting(LogLine::message).anyMatch(line -> line.contains("\"at noon\""));
    }

    @Test
    @Tag("P3")
    void wrongScheduleOfAReloadIsOneWarningAndTheRestOfTheReloadCounts(TestHost host) {
        TestWorker worker = started(host);
        table(host, "events", null, 1, 2, 30);
        host.settings(Map.of("purge.schedule", "15 1 * * *", "purge.zone", "UTC"));
        host.settle();

        host.settings(Map.of("purge.schedule", "61 * * * *", "purge.keep", "1d"));
        host.settings(Map.of("purge.batch", "5"));
        host.advance(ofDays(1));

        assertThat(purges(worker)).containsExactly("2026-03-28T01:15:00Z");
        assertThat(rows(host, "events")).as("by the keep of that reload").isZero();
        assertThat(refusals(worker)).singleElement().asString()
                .startsWith("invalid value for parameter \"purge.schedule\": \"61 * * * *\"");
    }

    private static List<String> refusals(TestWorker worker) {
        return worker.log().stream().filter(line -> line.level().compareTo(Level.WARN) <= 0).map(LogLine::message).toList();
    }

    @Test
    @Tag("P3")
    void wrongScheduleAtTheStartIsOneWarningAndTheDefaultRuns(TestHost host) {
        host.settings(Map.of("purge.schedule", "at noon"));
        TestWorker worker = started(host);
        table(host, "events", null, 1, 30);

        host.advance(ofDays(1));

        assertThat(purges(worker)).containsExactly("2026-03-28T01:30:00Z");
        assertThat(refusals(worker)).singleElement().asString().contains("\"purge.schedule\": \"at noon\"");
    }

    @Test
    void withoutAnArgumentItIsTheDatabasePostgres(TestHost host) {
        TestWorker worker = host.start(BackgroundWorker.builder("purge", "purge", "purge_main"), Purge::new);

        host.settle();

        assertThat(worker.activity()).hasValueSatisfying(row -> assertThat(row.database()).isEqualTo("postgres"));
        assertThat(worker.details().ready()).isTrue();
    }
}
