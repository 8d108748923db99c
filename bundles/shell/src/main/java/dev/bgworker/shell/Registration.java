package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The definition that {@code bgw:register} was given, option for {@code bgw_} field. Pure; the server checks the values. */
final class Registration {

    static final Set<String> OPTIONS = Set.of("--bgw_library_name", "--bgw_function_name", "--bgw_name", "--bgw_type",
            "--bgw_main_arg", "--bgw_restart_time", "--bgw_start_time", "--bgw_flags", "--bgw_extra", "--wait");

    private Registration() {}

    static BackgroundWorker definition(Arguments given) {
        String library = given.required("--bgw_library_name");
        String function = given.required("--bgw_function_name");
        BackgroundWorker.Builder worker = BackgroundWorker.builder(given.value("--bgw_name").orElse(function), library,
                function);
        given.value("--bgw_type").ifPresent(worker::type);
        given.value("--bgw_main_arg").map(Datum::parse).ifPresent(worker::mainArg);
        given.value("--bgw_restart_time").map(Registration::restart).ifPresent(worker::restart);
        given.value("--bgw_start_time")
                .map(text -> constant(BackgroundWorker.StartTime.class, "--bgw_start_time", text))
                .ifPresent(worker::startTime);
        given.value("--bgw_flags").map(Registration::flags).ifPresent(worker::flags);
        return worker.extra(extra(given)).build();
    }

    private static RestartPolicy restart(String text) {
        return text.equals("never") || text.equals("-1")
                ? RestartPolicy.NEVER
                : RestartPolicy.after(TimeSetting.parse("--bgw_restart_time", text));
    }

    private static Set<BackgroundWorker.Flag> flags(String text) {
        Set<BackgroundWorker.Flag> flags = EnumSet.noneOf(BackgroundWorker.Flag.class);
        Arrays.stream(text.split(",")).map(String::strip).filter(flag -> !flag.isEmpty())
                .forEach(flag -> flags.add(constant(BackgroundWorker.Flag.class, "--bgw_flags", flag)));
        return flags;
    }

    private static Map<String, String> extra(Arguments given) {
        Map<String, String> extra = new LinkedHashMap<>();
        for (String pair : given.values("--bgw_extra")) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw CommandFailure.misuse("invalid value for option --bgw_extra: \"" + pair + "\"",
                        "Write --bgw_extra KEY=VALUE, once for each key.");
            }
            if (extra.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
                throw CommandFailure.misuse("--bgw_extra has the key \"" + pair.substring(0, equals) + "\" twice",
                        "Write --bgw_extra KEY=VALUE, once for each key.");
            }
        }
        return extra;
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String option, String text) {
        return Arrays.stream(type.getEnumConstants()).filter(one -> one.name().equalsIgnoreCase(text)).findFirst()
                .orElseThrow(() -> CommandFailure.misuse("invalid value for option " + option + ": \"" + text + "\"",
                        "Available values: " + Arrays.stream(type.getEnumConstants())
                                .map(one -> one.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", ")) + "."));
    }
}
