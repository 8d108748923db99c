package dev.bgworker.supervisor.osgi;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code bgw.worker-NAME.cfg} as a definition; keys are the {@code bgw_} fields, extra is {@code bgw_extra.KEY}. */
final class WorkerFile {

    private static final Set<String> KNOWN = Set.of("bgw_name", "bgw_type", "bgw_flags", "bgw_start_time",
            "bgw_restart_time",
            "bgw_library_name", "bgw_function_name", "bgw_main_arg", "bgw_notify_pid");
    private static final String EXTRA = "bgw_extra.";

    private final String name;
    private final Map<String, String> keys;

    WorkerFile(String name, Map<String, String> keys) {
        this.name = name;
        this.keys = keys;
    }

    /** What can be said of it whether or not it is valid. */
    BackgroundWorker outline() {
        return BackgroundWorker.builder(keys.getOrDefault("bgw_name", name), keys.getOrDefault("bgw_library_name", ""),
                keys.getOrDefault("bgw_function_name", "")).build();
    }

    /** Raises 22023 with key and reason. */
    BackgroundWorker definition() {
        Map<String, String> extra = new HashMap<>();
        keys.forEach((key, value) -> {
            if (key.startsWith(EXTRA)) {
                extra.put(key.substring(EXTRA.length()), value);
            } else if (!KNOWN.contains(key)) {
                throw refused(key, "it is unknown",
                        "The keys are " + KNOWN.stream().sorted().toList() + " and bgw_extra.KEY.");
            }
        });
        BackgroundWorker.Builder worker = BackgroundWorker
                .builder(keys.getOrDefault("bgw_name", name), needed("bgw_library_name"), needed("bgw_function_name"))
                .type(keys.getOrDefault("bgw_type", "")).extra(extra);
        given("bgw_flags", WorkerFile::flags, worker::flags);
        given("bgw_start_time", text -> StartTime.valueOf(text.trim().toUpperCase(Locale.ROOT)), worker::startTime);
        given("bgw_restart_time", WorkerFile::restart, worker::restart);
        given("bgw_main_arg", Datum::parse, worker::mainArg);
        given("bgw_notify_pid", text -> Long.valueOf(text.trim()), worker::notifyPid);
        return worker.build();
    }

    private String needed(String key) {
        String value = keys.get(key);
        if (value == null) {
            throw refused(key, "it is missing", "Say which function of which library to run.");
        }
        return value.trim();
    }

    private <T> void given(String key, Function<String, T> parse, Function<T, BackgroundWorker.Builder> set) {
        String value = keys.get(key);
        if (value != null) {
            try {
                set.apply(parse.apply(value));
            } catch (IllegalArgumentException e) {
                throw refused(key, "\"" + value + "\" is not one of its values", hint(key));
            }
        }
    }

    private static Set<Flag> flags(String text) {
        return Arrays.stream(text.split(",")).map(String::trim).filter(each -> !each.isEmpty())
                .map(each -> Flag.valueOf(each.toUpperCase(Locale.ROOT))).collect(Collectors.toSet());
    }

    private static RestartPolicy restart(String text) {
        return text.trim().equalsIgnoreCase("never")
                ? RestartPolicy.NEVER
                : RestartPolicy.after(Duration.ofSeconds(Long.parseLong(text.trim())));
    }

    private static String hint(String key) {
        return switch (key) {
            case "bgw_flags" -> "Any of " + Arrays.toString(Flag.values()) + ", with commas.";
            case "bgw_start_time" -> "One of " + Arrays.toString(StartTime.values()) + ".";
            case "bgw_restart_time" -> "A whole number of seconds, or never.";
            default -> "";
        };
    }

    private static ErrorException refused(String key, String why, String hint) {
        return new ErrorException(errcode("22023", "key \"" + key + "\": " + why).errhint(hint));
    }
}
