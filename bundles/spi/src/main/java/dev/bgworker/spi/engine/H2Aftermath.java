package dev.bgworker.spi.engine;

import java.lang.reflect.Field;
import java.sql.Connection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes off the mark by which a transaction of H2 tells those who wait for its rows that it has undone something: a statement,
 * what came after a savepoint, or one row of a statement that went on. H2 never does, so that all who come later try again and
 * again instead of waiting: no timeout and no cancel ends that, and it takes a whole processor. There is no call for it, hence
 * by reflection. Those who slept when the mark was set have been woken, and sleep for one more slice if they come too late to
 * see it.
 */
final class H2Aftermath implements Aftermath {

    private static final Logger LOG = LoggerFactory.getLogger(H2Aftermath.class);
    /** Above the number of the last change, which has 41 bits, and the status, which has 4. */
    private static final long MARK = 1L << 45;

    private final Connection jdbc;
    private final Fields fields;
    // Written by the session's own thread.
    private boolean refused;

    /** Where H2 keeps it. */
    private record Fields(Field session, Field transaction, Field state) {

        static Fields of(Connection jdbc) throws ReflectiveOperationException {
            Field session = field(jdbc.getClass(), "session");
            Field transaction = field(session.get(jdbc).getClass(), "transaction");
            return new Fields(session, transaction, field(transaction.getType(), "statusAndLogId"));
        }

        private static Field field(Class<?> of, String name) throws NoSuchFieldException {
            Field field = of.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        }

        /** Null when the session has ended, or has no transaction. */
        AtomicLong state(Connection jdbc) {
            try {
                Object of = session.get(jdbc);
                Object open = of == null ? null : transaction.get(of);
                return open == null ? null : (AtomicLong) state.get(open);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e); // they were made accessible
            }
        }
    }

    private H2Aftermath(Connection jdbc, Fields fields) {
        this.jdbc = jdbc;
        this.fields = fields;
    }

    /** Empty, and a WARNING, if it is not the H2 known here. */
    static Optional<Aftermath> of(Connection jdbc) {
        try {
            return Optional.of(new H2Aftermath(jdbc, Fields.of(jdbc)));
        } catch (ReflectiveOperationException e) {
            LOG.warn("this H2 is not the one that bgworkerd comes with: who waits for a row of a transaction that has undone"
                    + " something may run in circles, and cannot be canceled", e);
            return Optional.empty();
        }
    }

    @Override
    public void settle() {
        AtomicLong state = fields.state(jdbc);
        long now = state == null ? 0 : state.get();
        refused = (now & MARK) != 0;
        if (refused) {
            state.getAndUpdate(marked -> marked & ~MARK);
        }
    }

    @Override
    public boolean refused() { return refused; }
}
