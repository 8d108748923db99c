package dev.bgworker.toolkit;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.Session;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * A {@link MainLoop} under way, until TERM. The worker's own thread only.
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
    private final Settings settings;
    private final Agenda agenda;
    private final Failures failures;
    private final Notifications notifications;
    private final ErrorReport errors = new ErrorReport(LoggerFactory.getLogger(MainLoop.class));
    private final TurnRun turn;

    // All written by the worker's thread alone.
    private boolean loaded;
    private boolean started;
    /** Something other than time asks for a turn. */
    private boolean woken = true;

    Turns(WorkerContext worker, MainLoop loop, MainLoop.Work work, Optional<Session> session) {
        this.worker = worker;
        this.interrupts = worker.interrupts();
        this.loop = loop;
        this.work = work;
        this.settings = Settings.of(worker);
        this.agenda = new Agenda(worker.time(), loop.schedules);
        this.failures = new Failures(worker.time());
        this.notifications = new Notifications(session, loop.channels);
        this.turn = new TurnRun(worker, session, agenda, errors);
    }

    void untilTerm() {
        for (worker.latch().reset(); !interrupts.pending(Signal.TERM); worker.latch().reset()) {
            Duration rest = pass();
            if (rest.isZero() || rest.isNegative()) {
                continue;
            }
            if (failures.pausing()) {
                loop.wakeUps.pause(rest);
            } else {
                woken = loop.wakeUps.await(rest);
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
            agenda.look();
            Duration rest = failures.pausing() ? failures.rest() : woken ? Duration.ZERO : agenda.rest(loop.interval);
            if (!reload && !rest.isNegative() && !rest.isZero()) {
                return rest;
            }
            load(reload);
            return started ? next() : start();
        } catch (Exception e) {
            turn.abort(e);
            agenda.end();
            failures.failed(e, loop.goOn.test(e), loop.recovery);
            worker.activity().report(State.IDLE, failures.inWords(e));
            return failures.rest();
        }
    }

    private void load(boolean reload) {
        if (loop.onReload == null || loaded && !reload) {
            return;
        }
        Duration before = loop.interval;
        try {
            loop.schedules.reload(() -> settings.reload(loop.onReload));
            loaded = true;
            // From now on times count that were not asked for before.
            agenda.look();
        } catch (RuntimeException e) {
            if (!loaded) {
                throw e;
            }
            loop.interval = before;
            errors.error(e);
        }
    }

    private Duration start() throws Exception {
        turn.run(loop.onStart, Occasion.NONE);
        succeeded();
        started = true;
        worker.ready();
        return Duration.ZERO;
    }

    private void succeeded() {
        int before = failures.succeeded();
        errors.success(before);
        if (before > 0) {
            worker.activity().report(State.IDLE, ""); // not that it fails, when the turn has shown nothing of its own
        }
    }

    private Duration next() throws Exception {
        boolean paused = failures.pausing();
        woken = false;
        agenda.begin();
        turn.run(work, Occasion.of(agenda.scheduled(), notifications.next(), loop.wakeUps.ready(paused)));
        succeeded();
        notifications.done();
        Duration rest = agenda.done(loop.interval);
        // What came while others were given once more has set the latch before, and would wait for the next wake-up.
        woken = paused && !notifications.next().isEmpty();
        return woken ? Duration.ZERO : rest;
    }
}
