package dev.bgworker.toolkit;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;

/** Carries out what a {@link KeepDecision} says: {@code logicalrep_worker_launch} and {@code _stop}. The owner's thread only. */
final class Registrar<K> {

    /** Definitions are refused with a data exception. */
    private static final String DATA_EXCEPTION = "22";

    private final BackgroundWorkers workers;
    private final UnaryOperator<BackgroundWorker> mark;
    private final Refusals<K> refusals;
    private final Heard<K> heard;
    private final Logger log;

    Registrar(BackgroundWorkers workers, UnaryOperator<BackgroundWorker> mark, Refusals<K> refusals,
            Heard<K> heard, Logger log) {
        this.workers = workers;
        this.mark = mark;
        this.refusals = refusals;
        this.heard = heard;
        this.log = log;
    }

    void carryOut(List<Deed<K>> deeds, Duration now, Duration retryInterval) {
        for (Deed<K> each : deeds) {
            if (each instanceof Deed.Launch<K> launch) {
                launch(launch.child(), now, retryInterval);
            } else if (each instanceof Deed.Terminate<K> terminate) {
                terminate(terminate.child(), terminate.why());
            } else if (each instanceof Deed.Settle<K> settle) {
                settle.child().comesBack = false;
            }
        }
    }

    private void terminate(Child<K> child, String why) {
        if (!child.told) {
            log.info("worker set: terminating \"{}\", since {}", child, why);
        }
        child.told = true;
        child.registered.handle.terminate();
    }

    private void launch(Child<K> child, Duration now, Duration retryInterval) {
        if (refusals.refused(child, now)) {
            return; // since this keep began
        }
        try {
            Registered<K> registered = new Registered<>(child, child.definition);
            registered.handle = workers.register(mark.apply(child.definition), event -> heard.add(registered, event));
            child.register(registered, now);
        } catch (NoWorkerSlotException e) {
            refusals.noSlot(child, e, now.plus(retryInterval));
        } catch (ErrorException e) {
            refusals.failed(child, e.data());
            child.invalid = e.data().sqlState().startsWith(DATA_EXCEPTION);
            child.notBefore = now.plus(retryInterval);
        }
    }
}
