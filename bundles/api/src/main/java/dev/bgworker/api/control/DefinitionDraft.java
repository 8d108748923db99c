package dev.bgworker.api.control;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A definition while its texts are read, with what was wrong so far. Of one thread, which also writes the fields. */
final class DefinitionDraft {

    private static final BackgroundWorker USUAL = BackgroundWorker.builder("", "", "").build();

    private final Map<String, String> extra = new TreeMap<>();
    private final Set<String> given = new HashSet<>();
    private final List<ErrorData> faults = new ArrayList<>();
    final PolicyDraft policy = new PolicyDraft();
    String name;
    String library;
    String function;
    String type = USUAL.type();
    Set<Flag> flags = USUAL.flags();
    StartTime startTime = USUAL.startTime();
    Datum mainArg = USUAL.mainArg();
    long notifyPid = USUAL.notifyPid();
    String role = USUAL.role();
    Set<Server.State> runsIn = USUAL.runsIn();
    boolean outlivesOwner = USUAL.outlivesOwner();

    void read(String key, String text) {
        if (!given.add(key)) {
            fault("parameter \"" + key + "\" specified more than once", "Leave one of them.");
        } else if (key.startsWith(DefinitionText.EXTRA) && key.length() > DefinitionText.EXTRA.length()) {
            extra.put(key.substring(DefinitionText.EXTRA.length()), text);
        } else {
            Parameter.ALL.stream().filter(each -> each.key().equals(key)).findFirst().ifPresentOrElse(
                    known -> read(known, text), () -> fault("unrecognized parameter \"" + key + "\"", instead(key)));
        }
    }

    private static String instead(String key) {
        return ClosestMatch.of(key, DefinitionText.KEYS).map(meant -> "Perhaps you meant the parameter \"" + meant + "\".")
                .orElse("Available parameters: " + String.join(", ", DefinitionText.KEYS) + ", bgw_extra.KEY.");
    }

    private void read(Parameter<?> parameter, String text) {
        try {
            parameter.read(text, this);
        } catch (ErrorException refused) {
            faults.add(refused.data());
        }
    }

    BackgroundWorker build() {
        need("bgw_library_name", library);
        need("bgw_function_name", function);
        policy.fault().ifPresent(faults::add);
        if (!faults.isEmpty()) {
            throw new ErrorException(errcode("22023", joined(faults.stream().map(ErrorData::message).toList(), "; "))
                    .errdetail(joined(faults.stream().map(ErrorData::detail).toList(), " "))
                    .errhint(joined(faults.stream().map(ErrorData::hint).toList(), " ")));
        }
        return new BackgroundWorker(name == null ? function : name, type, flags, startTime, policy.build(), library,
                function, mainArg, extra, notifyPid, role, runsIn, outlivesOwner);
    }

    /** A value that was given and is wrong has its fault already. */
    private void need(String key, String value) {
        if (value == null && !given.contains(key) || value != null && value.isEmpty()) {
            fault("parameter \"" + key + "\" must be specified", "Say which function of which library to run.");
        }
    }

    private void fault(String message, String hint) { faults.add(errcode("22023", message).errhint(hint)); }

    /** One fault reads as if it were raised by itself. */
    private static String joined(List<String> parts, String separator) {
        return new LinkedHashSet<>(parts).stream().filter(part -> !part.isEmpty()).collect(Collectors.joining(separator));
    }
}
