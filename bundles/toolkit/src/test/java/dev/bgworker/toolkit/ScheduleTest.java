package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ScheduleTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Instant at(String time) { return OffsetDateTime.parse(time).toInstant(); }

    /** The times after that one, as Berlin's clocks show them. */
    private static String times(Schedule schedule, String after, int count) {
        List<Instant> times = new ArrayList<>();
        for (Instant last = at(after); times.size() < count; last = times.get(times.size() - 1)) {
            times.add(schedule.next(last).orElseThrow());
        }
        return times.stream().map(each -> each.atZone(BERLIN).toOffsetDateTime().toString())
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource({
            // A day as others are.
            "'*/20 * * * *',2026-06-01T10:05:30+02:00,2026-06-01T10:20+02:00 2026-06-01T10:40+02:00 2026-06-01T11:00+02:00",
            "'0 3 * * *',2026-06-01T03:00:00+02:00,2026-06-02T03:00+02:00 2026-06-03T03:00+02:00 2026-06-04T03:00+02:00",
            "@hourly,2026-06-01T10:05:30+02:00,2026-06-01T11:00+02:00 2026-06-01T12:00+02:00 2026-06-01T13:00+02:00",
            "@daily,2026-06-01T10:05:30+02:00,2026-06-02T00:00+02:00 2026-06-03T00:00+02:00 2026-06-04T00:00+02:00",
            "@midnight,2026-06-01T10:05:30+02:00,2026-06-02T00:00+02:00 2026-06-03T00:00+02:00 2026-06-04T00:00+02:00",
            "@monthly,2026-06-01T10:05:30+02:00,2026-07-01T00:00+02:00 2026-08-01T00:00+02:00 2026-09-01T00:00+02:00",
            "@yearly,2026-06-01T10:05:30+02:00,2027-01-01T00:00+01:00 2028-01-01T00:00+01:00 2029-01-01T00:00+01:00",
            "@annually,2026-06-01T10:05:30+02:00,2027-01-01T00:00+01:00 2028-01-01T00:00+01:00 2029-01-01T00:00+01:00",
            "@Weekly,2026-06-01T10:05:30+02:00,2026-06-07T00:00+02:00 2026-06-14T00:00+02:00 2026-06-21T00:00+02:00",
            // The 13th, and each Friday.
            "'0 12 13 * FRI',2026-06-01T10:00:00+02:00,2026-06-05T12:00+02:00 2026-06-12T12:00+02:00 2026-06-13T12:00+02:00",
            // A step alone, of either.
            "'0 12 */10 * *',2026-06-01T13:00:00+02:00,2026-06-11T12:00+02:00 2026-06-21T12:00+02:00 2026-07-01T12:00+02:00",
            "'0 12 * * */3',2026-06-01T13:00:00+02:00,2026-06-03T12:00+02:00 2026-06-06T12:00+02:00 2026-06-07T12:00+02:00",
            // In spring 02:00 is 03:00: what was skipped is run once at the end of the gap.
            "'30 2 * * *',2026-03-28T12:00:00+01:00,2026-03-29T03:00+02:00 2026-03-30T02:30+02:00 2026-03-31T02:30+02:00",
            "'0,30 2 * * *',2026-03-28T12:00:00+01:00,2026-03-29T03:00+02:00 2026-03-30T02:00+02:00 2026-03-30T02:30+02:00",
            "'0 2,3 * * *',2026-03-28T12:00:00+01:00,2026-03-29T03:00+02:00 2026-03-30T02:00+02:00 2026-03-30T03:00+02:00",
            // By real time nothing was skipped.
            "'*/30 * * * *',2026-03-29T01:15:00+01:00,2026-03-29T01:30+01:00 2026-03-29T03:00+02:00 2026-03-29T03:30+02:00",
            "'0 * * * *',2026-03-29T00:30:00+01:00,2026-03-29T01:00+01:00 2026-03-29T03:00+02:00 2026-03-29T04:00+02:00",
            // In autumn 03:00 is 02:00: the first of the two hours, but by real time both.
            "'30 2 * * *',2026-10-24T12:00:00+02:00,2026-10-25T02:30+02:00 2026-10-26T02:30+01:00 2026-10-27T02:30+01:00",
            "'30 2 * * *',2026-10-25T02:10:00+01:00,2026-10-26T02:30+01:00 2026-10-27T02:30+01:00 2026-10-28T02:30+01:00",
            "'30 2,3 * * *',2026-10-24T12:00:00+02:00,2026-10-25T02:30+02:00 2026-10-25T03:30+01:00 2026-10-26T02:30+01:00",
            "'30 * * * *',2026-10-25T01:45:00+02:00,2026-10-25T02:30+02:00 2026-10-25T02:30+01:00 2026-10-25T03:30+01:00",
            "'*/30 * * * *',2026-10-25T02:15:00+02:00,2026-10-25T02:30+02:00 2026-10-25T02:00+01:00 2026-10-25T02:30+01:00"})
    void timesAreThoseOfVixieCron(String expression, String after, String expected) {
        assertThat(times(Schedule.of(expression, BERLIN), after, 3)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
            "'0 3 * * *',2026-06-01T03:00:00+02:00,2026-06-09T02:59:00+02:00,2026-06-08T03:00:00+02:00",
            "'0 3 * * *',2026-06-01T03:00:00+02:00,2026-06-02T03:00:00+02:00,2026-06-02T03:00:00+02:00",
            "'0 3 * * *',2026-06-01T03:00:00+02:00,2026-06-02T02:59:59+02:00,",
            "'*/10 4 * * *',2026-06-01T03:00:00+02:00,2026-06-09T03:59:00+02:00,2026-06-08T04:50:00+02:00",
            "'30 2 * * *',2026-10-24T12:00:00+02:00,2026-10-25T02:40:00+01:00,2026-10-25T02:30:00+02:00"})
    void theLatestThatPassedIsFound(String expression, String after, String upTo, String latest) {
        assertThat(Schedule.of(expression, BERLIN).latest(at(after), at(upTo)))
                .isEqualTo(latest == null ? Optional.empty() : Optional.of(at(latest)));
    }

    @Test
    void dayThatThereIsNotNeverComes() {
        assertThat(Schedule.of("0 0 30 2 *", BERLIN).next(at("2026-06-01T03:00:00+02:00"))).isEmpty();
    }

    /** Vixie cron wants both days of these and not either, which cron-utils cannot. */
    @ParameterizedTest
    @ValueSource(strings = {"0 3 */2 * FRI", "0 3 13 * */2", "0 3 */2 * */2"})
    void stepOfOneDayTogetherWithTheOtherIsRefused(String expression) {
        assertThatThrownBy(() -> Schedule.of(expression, BERLIN)).isInstanceOfSatisfying(ErrorException.class, e -> {
            assertThat(e.data().sqlState()).isEqualTo("22023");
            assertThat(e.data().message()).contains("\"" + expression + "\"");
            assertThat(e.data().detail()).contains("day of month", "day of week");
            assertThat(e.data().hint()).contains("1-31/2");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"61 * * * *|61 not in range", "0 3 * *|4 parts", "never|1 parts", "''|Empty",
            "@reboot|Nicknames", "0 22-2 * * *|Invalid range", "0 3 * * * 2026|6 parts"})
    void badExpressionIsRefusedByNameAndReason(String expression, String reason) {
        assertThatThrownBy(() -> Schedule.of(expression, BERLIN)).isInstanceOfSatisfying(ErrorException.class, e -> {
            assertThat(e.data().sqlState()).isEqualTo("22023");
            assertThat(e.data().message()).contains("\"" + expression + "\"");
            assertThat(e.data().detail()).contains(reason);
            assertThat(e.data().hint()).contains("day of week", "@hourly");
        });
    }
}
