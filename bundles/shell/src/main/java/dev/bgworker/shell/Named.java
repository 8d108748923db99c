package dev.bgworker.shell;

import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorData;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds what an operator means by {@code NAME|PID}. A number is a pid first, and a name when no worker has that pid. */
final class Named {

    private Named() {}

    /** All that match, at least one. */
    static <T> List<T> all(String nameOrPid, List<T> candidates, Function<T, WorkerDetails> details) {
        List<T> found = candidates.stream().filter(one -> pid(details.apply(one)).equals(nameOrPid)).toList();
        if (found.isEmpty()) {
            found = candidates.stream().filter(one -> details.apply(one).definition().name().equals(nameOrPid)).toList();
        }
        if (found.isEmpty()) {
            String what = nameOrPid.matches("\\d+")
                    ? "PID " + nameOrPid + " is not a background worker"
                    : "background worker \"" + nameOrPid + "\" does not exist";
            throw new CommandFailure(CommandFailure.UNKNOWN, ErrorData.errcode("42704", what)
                    .errhint("bgw:list shows names and pids; quote a name that contains blanks."));
        }
        return found;
    }

    /** The only one that matches. */
    static <T> T one(String nameOrPid, List<T> candidates, Function<T, WorkerDetails> details) {
        List<T> found = all(nameOrPid, candidates, details);
        if (found.size() > 1) {
            String which = found.stream().map(details).map(Named::place).collect(Collectors.joining(", "));
            throw new CommandFailure(CommandFailure.FAILED,
                    ErrorData.errcode("42725", found.size() + " background workers are named \"" + nameOrPid + "\"")
                            .errdetail("They are " + which + ".").errhint("Give the pid instead of the name."));
        }
        return found.get(0);
    }

    private static String pid(WorkerDetails worker) { return worker.pid() == 0 ? "" : Long.toString(worker.pid()); }

    private static String place(WorkerDetails worker) {
        return worker.pid() == 0 ? worker.state() + " in slot " + worker.slot() : "pid " + worker.pid();
    }
}
