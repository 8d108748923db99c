package dev.bgworker.ipc.lwlock;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.PanicError;
import dev.bgworker.ipc.memory.Member;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * {@code s_lock.c}: spins, then sleeps longer and longer, and after a minute takes the lock for stuck: whoever holds one for so
 * long will not give it back. Immutable.
 *
 * @param nanoTime of what a minute is measured by
 * @param sleep for so many nanoseconds
 */
public record SpinDelay(LongSupplier nanoTime, LongConsumer sleep) {

    private static final int SPINS = 1_000;
    private static final long STUCK = TimeUnit.MINUTES.toNanos(1);
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

    public SpinDelay() { this(System::nanoTime, LockSupport::parkNanos); }

    void until(BooleanSupplier taken, Member member, Object lock) {
        long began = nanoTime.getAsLong();
        long next = SHORTEST;
        for (int spins = 1; !taken.getAsBoolean(); spins++) {
            if (spins % SPINS != 0) {
                Thread.onSpinWait();
                continue;
            }
            member.check();
            if (nanoTime.getAsLong() - began >= STUCK) {
                throw member.errfinish(new PanicError(errcode("XX000", "stuck spinlock detected")
                        .errdetail("Nobody has released " + lock + " for a minute.")));
            }
            sleep.accept(next);
            Thread.interrupted();
            next = Math.min(2 * next, LONGEST);
        }
    }
}
