package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Interrupts.Signal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sends signals to processes: {@code kill}. By the thread of the command. */
final class Signals {

    private final BackgroundWorkers workers;

    Signals(BackgroundWorkers workers) { this.workers = workers; }

    /** In any case, with or without SIG. */
    static Signal parse(String option, String text) {
        String name = text.toUpperCase(Locale.ROOT).replaceFirst("^SIG", "");
        return Arrays.stream(Signal.values()).filter(one -> one.name().equals(name)).findFirst()
                .orElseThrow(() -> CommandFailure.misuse("invalid value for option " + option + ": \"" + text + "\"",
                        "Available values: " + Arrays.stream(Signal.values()).map(Signal::name)
                                .collect(Collectors.joining(", ")) + "."));
    }

    /** A pid may be that of any process; a name is that of a worker. */
    String send(Signal signal, Arguments given, List<WorkerDetails> candidates) {
        Optional<String> pid = given.onlyOperand().filter(word -> word.matches("\\d{1,18}"))
                .filter(word -> !given.has(Named.ALL));
        if (pid.isPresent() && workers.signal(Long.parseLong(pid.get()), signal)) {
            return "sent " + signal + " (PID " + pid.get() + ")";
        }
        List<WorkerDetails> meant = Named.meant(given, candidates, worker -> worker);
        if (meant.stream().allMatch(worker -> worker.pid() == 0)) {
            WorkerDetails first = meant.get(0);
            throw new CommandFailure(CommandFailure.FAILED, ErrorData
                    .errcode("55000", "background worker \"" + first.definition().name() + "\" is not running")
                    .errdetail("Its state is " + first.state() + "."));
        }
        return meant.stream().map(worker -> send(signal, worker)).collect(Collectors.joining("\n"));
    }

    private String send(Signal signal, WorkerDetails worker) {
        String name = worker.definition().name();
        return worker.pid() != 0 && workers.signal(worker.pid(), signal)
                ? name + ": sent " + signal + " (PID " + worker.pid() + ")"
                : name + ": not running (" + worker.state() + ")";
    }
}
