package dev.bgworker.ipc.locks;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.host.HostSettings;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.HostTime;
import dev.bgworker.api.process.Latch;
import dev.bgworker.ipc.locks.LocalLock.Tag;
import dev.bgworker.ipc.locks.Request.State;
import java.time.Duration;
import java.util.Optional;

/** {@code LockAcquire} and {@code ProcSleep}: asks the table, and waits. Thread-safe; each call on its process's thread. */
record Acquisition(LockTable table, WaitGraph waits, HostSettings settings, ProcArray procs) {

    private static final String TYPE = "Lock";
    private static final String EVENT = "advisory";

    /** Empty only when {@code nowait}. */
    Optional<Request> acquire(Locker locker, Tag tag, boolean nowait) {
        Request request = new Request(locker, tag.mode());
        table.ask(tag.name(), request, nowait);
        if (request.state() == State.WAITING) {
            await(request, tag.name());
        }
        return switch (request.state()) {
            case GRANTED -> Optional.of(request);
            case REFUSED -> Optional.empty();
            case DEADLOCK -> throw raise(locker, deadlock(request, tag.name()));
            default -> throw gone(locker);
        };
    }

    /** Returns when it is over; whatever is raised meanwhile, the request is withdrawn. */
    private void await(Request request, String name) {
        ProcArray.Entry me = request.locker().entry();
        request.waitsSince(procs.clock().instant());
        boolean over = false;
        try (Held waiting = waits.waiting(me, TYPE, EVENT, request.inWords(name), () -> table.blockers(name, request))) {
            sleep(request, name);
            over = true;
        } finally {
            if (!over) {
                table.remove(name, request);
            }
        }
    }

    /** What was granted is taken, even if a signal came too: the next check acts on that. */
    private void sleep(Request request, String name) {
        ProcArray.Entry me = request.locker().entry();
        Duration limit = me.lockTimeout().orElseGet(() -> settings.time("lock_timeout"));
        HostTime time = me.proc().time();
        long began = time.nanoTime();
        while (!request.getAsBoolean()) {
            me.checkInterrupts();
            Duration left = limit.isZero() ? Latch.FOREVER : limit.minusNanos(time.nanoTime() - began);
            if (left.isZero() || left.isNegative()) {
                throw raise(request.locker(), errcode("55P03", "canceling statement due to lock timeout")
                        .errdetail("Process " + me.proc().pid() + " waits for " + request.inWords(name)
                                + "; blocked by processes " + table.blockers(name, request) + ".")
                        .errhint("Have it released sooner, or raise lock_timeout, which is " + limit.toMillis() + " ms."));
            }
            me.sleep(request, left, TYPE, EVENT);
        }
    }

    /** {@code DeadLockReport} of the two of whom each holds what the other asks for. */
    private ErrorData deadlock(Request mine, String name) {
        long pid = mine.locker().pid();
        StringBuilder detail = new StringBuilder();
        table.blockedBy(name, mine.locker()).stream().findFirst().ifPresent(other -> detail
                .append("Process " + pid + " waits for " + mine.inWords(name) + "; blocked by process "
                        + other.locker().pid() + ".\nProcess " + other.locker().pid() + " waits for " + other.inWords(name)
                        + "; blocked by process " + pid + "."));
        return errcode("40P01", "deadlock detected").errdetail(detail.toString());
    }

    private static ErrorException gone(Locker locker) {
        locker.entry().checkCall();
        return raise(locker, errcode("55000", "the provider of named locks is gone, and the locks with it")
                .errhint("Start the bundle dev.bgworker.ipc."));
    }

    private static ErrorException raise(Locker locker, ErrorData data) {
        return locker.entry().errfinish(new ErrorException(data));
    }
}
