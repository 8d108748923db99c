package dev.bgworker.spi.engine;

import java.lang.reflect.Field;
import java.sql.Connection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mark by which a transaction of H2 tells those who wait for its rows that it has undone a statement or gone back to a
 * savepoint. H2 never takes it off again, so that all who come later try again and again instead of waiting: no timeout and no
 * cancel ends that, and it takes a whole processor. H2 has no call for it, hence by reflection. Stateless, any thread.
 */
final class H2RollbackMark {

    private static final Logger LOG = LoggerFactory.getLogger(H2RollbackMark.class);
    /** Above the number of the last change, which has 41 bits, and the status, which has 4. */
    private static final long MARK = 1L << 45;

    private H2RollbackMark() {}

    /** Says so if this H2 is not the one known here. */
    static void check(Connection jdbc) {
        try {
            state(jdbc);
        } catch (ReflectiveOperationException e) {
            LOG.warn(
                    "this H2 is not the one that bgworkerd comes with: who waits for a row of a transaction that has rolled back"
                            + " to a savepoint may run in circles, and cannot be canceled",
                    e);
        }
    }

    /**
     * On the session's own thread, inside the engine. Those who slept when the mark was set have been woken, and sleep for one
     * more slice if they come too late to see it.
     */
    static void takeOff(Connection jdbc) {
        try {
            state(jdbc).ifPresent(state -> state.getAndUpdate(now -> now & ~MARK));
        } catch (ReflectiveOperationException e) {
            LOG.debug("the mark stays", e);
        }
    }

    /** Empty when the session has no transaction open, or has ended. */
    private static Optional<AtomicLong> state(Connection jdbc) throws ReflectiveOperationException {
        Object session = field(jdbc.getClass(), "session").get(jdbc);
        if (session == null) {
            return Optional.empty();
        }
        Field transaction = field(session.getClass(), "transaction");
        Field state = field(transaction.getType(), "statusAndLogId");
        Object open = transaction.get(session);
        return open == null ? Optional.empty() : Optional.of((AtomicLong) state.get(open));
    }

    private static Field field(Class<?> of, String name) throws NoSuchFieldException {
        Field field = of.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
