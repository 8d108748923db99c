package dev.bgworker.spi.recovery;

import dev.bgworker.api.process.FatalError;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * Group commit: one sync serves all whose commit returned before it began. Whoever finds none under way leads the next one
 * and first waits, as {@code commit_delay} does, for as many as took part lately, for a part of a sync's time at most.
 * Without that, those whom one sync released would always meet the next one already begun. Thread-safe; called inside the
 * gate, so that nobody is interrupted here.
 */
public final class GroupFlush {

    /** What forces the store's file to the disk. */
    @FunctionalInterface
    public interface Sync {
        void run() throws SQLException;
    }

    private final Sync sync;
    private final LongSupplier nanos;
    // Never held during a sync. It guards all that follows.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition joined = lock.newCondition();
    private final Condition done = lock.newCondition();
    // How many asked so far, and how many of them a sync has served.
    private long asked;
    private long served;
    private boolean led;
    // Of the last sync: how many took part in it and came while it ran, and how long it took.
    private long expected = 1;
    private long took;
    // What the operating system said once it may have dropped; a later success would prove nothing.
    private SQLException failed;

    public GroupFlush(Sync sync, LongSupplier nanos) {
        this.sync = sync;
        this.nanos = nanos;
    }

    /** By a connection of ADMIN's of its own, made for the first sync, that only who leads uses; it ends with the store. */
    public static GroupFlush through(Store store) {
        return new GroupFlush(new Sync() {
            // Written and used by who leads, one at a time.
            private Connection admin;

            @Override
            public void run() throws SQLException {
                if (admin == null) {
                    admin = store.admin();
                }
                try (Statement statement = admin.createStatement()) {
                    statement.execute(store.engine().sync());
                }
            }
        }, System::nanoTime);
    }

    /**
     * Returns when all that was committed before is on the disk.
     *
     * @param errfinish what a failure passes
     */
    public void await(UnaryOperator<FatalError> errfinish) {
        lock.lock();
        try {
            long mine = ++asked;
            joined.signal();
            while (served < mine && failed == null && led) {
                done.awaitUninterruptibly();
            }
            if (served < mine && failed == null) {
                lead();
            }
            if (served < mine) {
                throw errfinish.apply(new FatalError(errcode("58030", "could not fsync the database: " + failed.getMessage())
                        .errdetail("The transaction is committed, but may be lost with the power.")
                        .errhint("See to the disk, then restart the server; until then no commit is acknowledged."),
                        failed));
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many wait, leader included; stale when read. */
    long waiting() {
        lock.lock();
        try {
            return asked - served;
        } finally {
            lock.unlock();
        }
    }

    private void lead() {
        led = true;
        awaitOthers();
        long begin = nanos.getAsLong();
        long before = served;
        long until = asked;
        SQLException failure = null;
        lock.unlock();
        try {
            sync.run();
        } catch (SQLException e) {
            failure = e;
        } finally {
            lock.lock();
            led = false;
            done.signalAll();
        }
        took = nanos.getAsLong() - begin;
        failed = failure;
        if (failure == null) {
            served = until;
            expected = asked - before;
        }
    }

    private void awaitOthers() {
        long left = took / 2;
        boolean flag = Thread.interrupted();
        try {
            while (asked - served < expected && left > 0) {
                left = joined.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            flag = true;
        } finally {
            if (flag) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
