package dev.bgworker.toolkit;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.HostTime;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Hold;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Transaction;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * A {@link MainLoop} under way, from the signal handlers to TERM. The worker's own thread only.
 *
 * <p>Each pass resets the latch, then looks at the signals and works, then waits: what is set while it works ends the wait
 * at once. A pause after an ERROR is such a wait too, so that TERM and HUP end it; any other wake-up goes back to the pause,
 * and is not lost, since a turn follows it.
 */
final class Turns {

    private final WorkerContext worker;
    private final Interrupts interrupts;
    private final MainLoop loop;
    private final MainLoop.Work work;
    private final HostTime time;
    private final ErrorReport errors = new ErrorReport(LoggerFactory.getLogger(MainLoop.class));

    // All written by the worker's thread alone.
    private Optional<Session> session = Optional.empty();
    private boolean loaded;
    private boolean started;
    private int failures;
    private Duration pause = Duration.ZERO;
    private long pausingSince;

    Turns(WorkerContext worker, MainLoop loop, MainLoop.Work work) {
        this.worker = worker;
        this.interrupts = worker.interrupts();
        this.loop = loop;
        this.work = work;
        this.time = worker.time();
    }

    void untilTerm() {
        interrupts.handle(Signal.TERM, Handler.FLAG);
        interrupts.handle(Signal.HUP, Handler.FLAG);
        interrupts.handle(Signal.INT, Handler.CANCEL);
        worker.activity().applicationName(ApplicationName.of(worker.entry().name()));
        interrupts.unblock();
        session = Optional.ofNullable(loop.target).map(worker::connect);
        worker.activity().report(State.IDLE, null);

        for (worker.latch().reset(); !interrupts.pending(Signal.TERM); worker.latch().reset()) {
            Duration rest = pass();
            if (!rest.isZero()) {
                worker.latch().await(rest, failures > 0 ? "MainLoopErrorPause" : "MainLoop");
            }
        }
    }

    /** Does what is due and says how long to wait then. */
    private Duration pass() {
        try {
            // Between turns there is nothing to cancel, and an idle session ignores it.
            interrupts.take(Signal.INT);
            interrupts.check();
            boolean reload = interrupts.take(Signal.HUP);
            Duration left = pause.minusNanos(time.nanoTime() - pausingSince);
            if (failures > 0 && !reload && !left.isNegative() && !left.isZero()) {
                return left;
            }
            load(reload);
            turn(started ? work : loop.onStart);
            errors.success(failures);
            failures = 0;
            if (started) {
                return loop.interval;
            }
            started = true;
            worker.ready();
            return Duration.ZERO;
        } catch (Exception e) {
            return recover(e);
        }
    }

    private void load(boolean reload) {
        if (!loaded) {
            loop.onReload.accept(worker.settings());
            loaded = true;
        } else if (reload) {
            try {
                loop.onReload.accept(worker.settings());
            } catch (Exception e) {
                errors.error(e);
            }
        }
    }

    private void turn(MainLoop.Work body) throws Exception {
        try (Scope scope = worker.scope().open("turn")) {
            body.run(new OpenTurn(scope, session.map(connected -> Transactions.of(worker, connected)), worker.activity()));
            scope.commit();
        }
        worker.activity().report(State.IDLE, null);
    }

    private Duration recover(Exception error) {
        try (Held hold = interrupts.hold(Hold.INTERRUPTS)) {
            errors.error(error);
            session.ifPresent(this::abortOpen);
            worker.activity().report(State.IDLE, null);
        }
        failures++;
        if (!loop.goOn.test(error)) {
            throw new FatalError(ErrorReport.dataOf(error), error);
        }
        if (loop.recovery.exhausted(failures)) {
            throw new FatalError(errcode(ErrorReport.dataOf(error).sqlState(),
                    "worker \"" + worker.entry().name() + "\" failed " + failures + " times in a row")
                    .errdetail("The last error was: " + ErrorReport.dataOf(error).message())
                    .errhint("Remove its cause, or raise the limit given to MainLoop.recover."),
                    error);
        }
        pause = loop.recovery.pauseAfter(failures);
        pausingSince = time.nanoTime();
        return pause;
    }

    /** The net below {@link Transactions}, whose own abort may have failed. */
    private void abortOpen(Session connected) {
        try {
            for (Optional<Transaction> open = connected.transaction(); open.isPresent(); open = connected.transaction()) {
                open.get().abort();
            }
        } catch (Exception e) {
            errors.cleanup(e);
        }
    }
}
