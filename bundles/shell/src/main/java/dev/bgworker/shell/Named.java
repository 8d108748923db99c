package dev.bgworker.shell;

import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorData;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds what an operator means by {@code NAME|PID}, {@code --slot N} or {@code --all NAME}. A number is a pid first, and a
 * name when no worker has that pid. Pure.
 */
final class Named {

    static final String ALL = "--all";
    static final String SLOT = "--slot";

    private Named() {}

    /** All that match, at least one. */
    static <T> List<T> all(Arguments given, List<T> candidates, Function<T, WorkerDetails> details) {
        return given.value(SLOT).isPresent()
                ? inSlot(given, candidates, details)
                : named(given.operand("NAME, PID or --slot"), candidates, details);
    }

    /** The only one that matches, or with {@code --all} each of that name. */
    static <T> List<T> meant(Arguments given, List<T> candidates, Function<T, WorkerDetails> details) {
        if (given.has(ALL) && given.value(SLOT).isPresent()) {
            throw given.misuse("options --all and --slot cannot be used together");
        }
        if (given.has(ALL)) {
            String name = given.operand("NAME");
            return require(matching(candidates, details, worker -> worker.definition().name().equals(name)),
                    "background worker \"" + name + "\" does not exist");
        }
        List<T> found = all(given, candidates, details);
        if (found.size() > 1) {
            throw ambiguous(found.stream().map(details).toList());
        }
        return found;
    }

    private static <T> List<T> inSlot(Arguments given, List<T> candidates, Function<T, WorkerDetails> details) {
        given.noOperands();
        String text = given.value(SLOT).orElseThrow();
        if (!text.matches("\\d{1,9}")) {
            throw given.misuse("invalid value for option --slot: \"" + text + "\"");
        }
        int slot = Integer.parseInt(text);
        return require(matching(candidates, details, worker -> worker.slot() == slot),
                "no background worker is in slot " + slot);
    }

    private static <T> List<T> named(String nameOrPid, List<T> candidates, Function<T, WorkerDetails> details) {
        List<T> found = matching(candidates, details,
                worker -> worker.pid() != 0 && Long.toString(worker.pid()).equals(nameOrPid));
        return !found.isEmpty()
                ? found
                : require(matching(candidates, details, worker -> worker.definition().name().equals(nameOrPid)),
                        nameOrPid.matches("\\d+")
                                ? "PID " + nameOrPid + " is not a background worker"
                                : "background worker \"" + nameOrPid + "\" does not exist");
    }

    private static <T> List<T> matching(List<T> candidates, Function<T, WorkerDetails> details,
            Predicate<WorkerDetails> meant) {
        return candidates.stream().filter(one -> meant.test(details.apply(one))).toList();
    }

    private static <T> List<T> require(List<T> found, String otherwise) {
        if (found.isEmpty()) {
            throw new CommandFailure(CommandFailure.UNKNOWN, ErrorData.errcode("42704", otherwise)
                    .errhint("bgw:list shows names, slots and pids; quote a name that contains blanks."));
        }
        return found;
    }

    private static CommandFailure ambiguous(List<WorkerDetails> found) {
        List<String> ways = new ArrayList<>();
        if (found.stream().anyMatch(worker -> worker.pid() != 0)) {
            ways.add("the pid");
        }
        if (found.stream().anyMatch(worker -> worker.pid() == 0 && worker.slot() >= 0)) {
            ways.add("--slot and the slot");
        }
        String instead = ways.isEmpty() ? "" : "Give " + String.join(" or ", ways) + " instead of the name. ";
        String name = found.get(0).definition().name();
        return new CommandFailure(CommandFailure.FAILED,
                ErrorData.errcode("42725", found.size() + " background workers are named \"" + name + "\"")
                        .errdetail("They are " + found.stream().map(Named::place).collect(Collectors.joining(", ")) + ".")
                        .errhint(instead + "With --all the name means all of them."));
    }

    private static String place(WorkerDetails worker) {
        if (worker.pid() != 0) {
            return "pid " + worker.pid();
        }
        return worker.state() + (worker.slot() < 0 ? " without a slot" : " in slot " + worker.slot());
    }
}
