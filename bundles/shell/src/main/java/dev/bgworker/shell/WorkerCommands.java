package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.Interrupts.Signal;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The Gogo commands {@code bgw:*} that tell workers what to do; called by any thread, also by several at once. */
@Component(service = WorkerCommands.class, property = {"osgi.command.scope=bgw", "osgi.command.function=terminate",
        "osgi.command.function=restart", "osgi.command.function=pause", "osgi.command.function=resume",
        "osgi.command.function=cancel", "osgi.command.function=signal"})
public final class WorkerCommands {

    private static final String WAIT = "--wait";
    private static final String REASON = "--reason";
    private static final String SIGNAL = "--signal";
    private static final Set<String> FLAGS = Set.of(Named.ALL);
    private static final Set<String> TARGET = Set.of(Named.SLOT);
    private static final Set<String> WAITING = Set.of(WAIT, Named.SLOT);

    private final BackgroundWorkers workers;
    private final Server server;
    private final Signals signals;

    @Activate
    public WorkerCommands(@Reference BackgroundWorkers workers, @Reference Server server) {
        this.workers = workers;
        this.server = server;
        this.signals = new Signals(workers);
    }

    /** {@code bgw:terminate}: {@code TerminateBackgroundWorker}. */
    @Descriptor(Usage.TERMINATE)
    public String terminate(@Descriptor(Usage.WORKER_WORD) String... words) throws InterruptedException {
        Arguments given = Arguments.parse(Usage.TERMINATE, FLAGS, WAITING, words);
        return given.help() ? Usage.TERMINATE : Orders.terminate(meant(given), TimeSetting.wait(given));
    }

    /** {@code bgw:restart}. */
    @Descriptor(Usage.RESTART)
    public String restart(@Descriptor(Usage.WORKER_WORD) String... words) throws InterruptedException {
        Arguments given = Arguments.parse(Usage.RESTART, FLAGS, WAITING, words);
        return given.help() ? Usage.RESTART : Orders.restart(meant(given), TimeSetting.wait(given));
    }

    /** {@code bgw:pause}. */
    @Descriptor(Usage.PAUSE)
    public String pause(@Descriptor(Usage.WORKER_WORD) String... words) throws InterruptedException {
        Arguments given = Arguments.parse(Usage.PAUSE, FLAGS, Set.of(WAIT, REASON, Named.SLOT), words);
        return given.help()
                ? Usage.PAUSE
                : Orders.pause(meant(given), given.value(REASON), TimeSetting.wait(given));
    }

    /** {@code bgw:resume}. */
    @Descriptor(Usage.RESUME)
    public String resume(@Descriptor(Usage.WORKER_WORD) String... words) throws InterruptedException {
        Arguments given = Arguments.parse(Usage.RESUME, FLAGS, WAITING, words);
        return given.help() ? Usage.RESUME : Orders.resume(meant(given), TimeSetting.wait(given));
    }

    /** {@code bgw:cancel}: {@code pg_cancel_backend}. */
    @Descriptor(Usage.CANCEL)
    public String cancel(@Descriptor(Usage.PROCESS_WORD) String... words) {
        Arguments given = Arguments.parse(Usage.CANCEL, FLAGS, TARGET, words);
        return given.help() ? Usage.CANCEL : send(Signal.INT, given);
    }

    /** {@code bgw:signal}: {@code kill}. */
    @Descriptor(Usage.SIGNAL)
    public String signal(@Descriptor(Usage.PROCESS_WORD) String... words) {
        Arguments given = Arguments.parse(Usage.SIGNAL, FLAGS, Set.of(SIGNAL, Named.SLOT), words);
        if (given.help()) {
            return Usage.SIGNAL;
        }
        String name = given.value(SIGNAL).orElseThrow(() -> given.misuse("option " + SIGNAL + " is missing"));
        return send(Signals.parse(SIGNAL, name), given);
    }

    private String send(Signal signal, Arguments given) {
        List<WorkerDetails> candidates = workers.list().stream().map(BackgroundWorkerHandle::details).toList();
        try {
            return signals.send(signal, given, candidates);
        } catch (CommandFailure unknown) {
            throw WithoutHandle.explain(unknown, given, server.workers());
        }
    }

    private List<BackgroundWorkerHandle> meant(Arguments given) {
        try {
            return Named.meant(given, workers.list(), BackgroundWorkerHandle::details);
        } catch (CommandFailure unknown) {
            throw WithoutHandle.explain(unknown, given, server.workers());
        }
    }
}
