package dev.bgworker.spi.engine;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.UUID;

/**
 * Whether one statement is a plain read, as {@link Engine#plainRead} says; found out when it has been executed so often that
 * asking pays, and again after DDL. Owner thread only.
 *
 * <p>What remains: DDL of another session that begins and ends between the look at the version and the run is not seen. Such an
 * execution still goes by what was found before it, and reads as a transaction of its own; the next one finds it changed.
 */
final class PlainRead {

    // By then asking, some 0.2 ms, has cost no more than was lost by not asking before.
    private static final int WORTH_ASKING = 1_000;
    // No time of day, which is compared with a time stamp as one of today, the day of the transaction; nothing that streams.
    private static final Set<Class<?>> VALUES = Set.of(Integer.class, Long.class, String.class, Boolean.class, Double.class,
            Short.class, Byte.class, Float.class, BigDecimal.class, UUID.class, LocalDate.class, LocalDateTime.class,
            OffsetDateTime.class, Instant.class);

    private final Engine engine;
    private final SessionSchema schema;
    private final String sql;
    // All three, owner thread only: what was found, under which version of the schema, and the executions since.
    private boolean plain;
    private long version = SchemaVersion.CHANGING;
    private int executions;

    PlainRead(Engine engine, SessionSchema schema, String sql) {
        this.engine = engine;
        this.schema = schema;
        this.sql = sql;
    }

    /**
     * Before an execution; inside the engine, on a session that has no transaction open.
     *
     * @param args the values from {@code first} on, {@code count} of them
     */
    boolean is(Connection session, Object[] args, int first, int count) {
        return found(session) && valuesArePlain(args, first, count);
    }

    private boolean found(Connection session) {
        long now = schema.settled();
        if (now == SchemaVersion.CHANGING) {
            return false;
        } else if (now != version) {
            executions++;
            if (executions < WORTH_ASKING) {
                return false;
            }
            executions = 0;
            plain = ask(session);
            version = now;
        }
        return plain;
    }

    private boolean ask(Connection session) {
        try {
            return engine.plainRead(session, sql);
        } catch (SQLException expected) {
            // The statement itself will meet what failed, if it lasts, and report it.
            return false;
        }
    }

    private boolean valuesArePlain(Object[] args, int first, int count) {
        for (int i = first; i < first + count; i++) {
            if (!(args[i] instanceof Integer) && args[i] != null && !VALUES.contains(args[i].getClass())) {
                return false;
            }
        }
        return true;
    }
}
