package dev.bgworker.toolkit;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * The times of one cron expression in one time zone. Immutable.
 *
 * <p>cron-utils finds local times, asked in UTC, which has neither gaps nor overlaps; what becomes of them when clocks are put
 * forward or back is vixie cron's rule. An expression whose minutes or hours begin with a star goes on by real time. Any other
 * runs once what falls into a gap, at its end, and what falls into an overlap the first time only.
 */
final class Schedule {

    private static final Map<String, String> NICKNAMES = Map.of("@yearly", "0 0 1 1 *", "@annually", "0 0 1 1 *", "@monthly",
            "0 0 1 * *", "@weekly", "0 0 * * 0", "@daily", "0 0 * * *", "@midnight", "0 0 * * *", "@hourly", "0 * * * *");

    private final ExecutionTime times;
    private final ZoneRules rules;
    private final boolean byRealTime;

    private Schedule(ExecutionTime times, ZoneRules rules, boolean byRealTime) {
        this.times = times;
        this.rules = rules;
        this.byRealTime = byRealTime;
    }

    static Schedule of(String expression, ZoneId zone) {
        String fields = NICKNAMES.getOrDefault(expression.strip().toLowerCase(Locale.ROOT), expression.strip());
        try {
            ExecutionTime times = ExecutionTime.forCron(
                    new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(fields).validate());
            String[] parts = fields.split("\\s+");
            checkDays(expression, parts[2], parts[4]);
            return new Schedule(times, zone.getRules(), parts[0].startsWith("*") || parts[1].startsWith("*"));
        } catch (IllegalArgumentException e) {
            throw new ErrorException(errcode("22023", "invalid cron expression: \"" + expression + "\"")
                    .errdetail(e.getMessage())
                    .errhint("It is minute, hour, day of month, month and day of week, or one of "
                            + String.join(", ", NICKNAMES.keySet().stream().sorted().toList()) + "."),
                    e);
        }
    }

    /** When either begins with a star, vixie cron has both match; cron-utils, as soon as both say something, one of them. */
    private static void checkDays(String expression, String ofMonth, String ofWeek) {
        boolean both = !ofMonth.equals("*") && !ofWeek.equals("*");
        if (both && (ofMonth.startsWith("*") || ofWeek.startsWith("*"))) {
            throw new ErrorException(errcode("22023", "invalid cron expression: \"" + expression + "\"")
                    .errdetail("A step of every day of month or day of week cannot be combined with the other of the two.")
                    .errhint(
                            "Have one of them \"*\" and look at the other in the turn, or give a range, as 1-31/2, for times "
                                    + "at which either matches."));
        }
    }

    /** The first time after that one; empty when there is none ever. */
    Optional<Instant> next(Instant after) {
        ZoneOffset offset = rules.getOffset(after);
        Instant since = after;
        LocalDateTime from = resume(rules.previousTransition(after.plusNanos(1)),
                LocalDateTime.ofEpochSecond(after.getEpochSecond(), 0, offset));
        while (true) {
            Optional<LocalDateTime> local = match(from);
            if (local.isEmpty()) {
                return Optional.empty();
            }
            Instant at = local.get().toInstant(offset);
            ZoneOffsetTransition shift = rules.nextTransition(since);
            if (shift == null || at.isBefore(shift.getInstant())) {
                return Optional.of(at);
            }
            if (shift.isGap() && !byRealTime && local.get().isBefore(shift.getDateTimeAfter())) {
                return Optional.of(shift.getInstant());
            }
            offset = shift.getOffsetAfter();
            since = shift.getInstant();
            from = resume(shift, shift.getDateTimeAfter().minusSeconds(1));
        }
    }

    /** The latest time after the one and not after the other. */
    Optional<Instant> latest(Instant after, Instant upTo) {
        for (Duration back = Duration.ofMinutes(1);; back = back.multipliedBy(2)) {
            boolean all = !upTo.minus(back).isAfter(after);
            Optional<Instant> found = next(all ? after : upTo.minus(back)).filter(at -> !at.isAfter(upTo));
            if (found.isPresent()) {
                return Optional.of(last(found.get(), upTo));
            } else if (all) {
                return Optional.empty();
            }
        }
    }

    private Instant last(Instant found, Instant upTo) {
        Instant last = found;
        for (Optional<Instant> more = next(last); more.isPresent() && !more.get().isAfter(upTo); more = next(last)) {
            last = more.get();
        }
        return last;
    }

    /** Where to go on behind that change of the clock: what was run before it is not run again. */
    private LocalDateTime resume(ZoneOffsetTransition shift, LocalDateTime from) {
        boolean again = shift != null && shift.isOverlap() && !byRealTime && from.isBefore(shift.getDateTimeBefore());
        return again ? shift.getDateTimeBefore().minusSeconds(1) : from;
    }

    private Optional<LocalDateTime> match(LocalDateTime after) {
        return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }
}
