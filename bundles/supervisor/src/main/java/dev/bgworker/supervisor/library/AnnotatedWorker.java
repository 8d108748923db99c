package dev.bgworker.supervisor.library;

import dev.bgworker.api.RegisterBackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A component's properties as {@link RegisterBackgroundWorker} left them there, read back as a definition. */
final class AnnotatedWorker {

    private AnnotatedWorker() {}

    static BackgroundWorker read(Map<String, Object> properties, String library, String function) {
        BackgroundWorker.Builder worker = BackgroundWorker.builder(text(properties, "bgw.name", ""), library, function)
                .type(text(properties, "bgw.type", ""))
                .startTime(StartTime.valueOf(text(properties, "bgw.startTime", StartTime.RECOVERY_FINISHED.name())))
                .restart(RestartPolicy
                        .after(Duration.ofSeconds(Long.parseLong(text(properties, "bgw.restartSeconds", "60")))))
                .mainArg(Datum.parse(text(properties, "bgw.mainArg", "0")));
        Object flags = properties.get("bgw.flags");
        return flags == null ? worker.build() : worker.flags(flags(flags)).build();
    }

    private static String text(Map<String, Object> properties, String key, String otherwise) {
        Object value = properties.get(key);
        return value == null ? otherwise : value.toString();
    }

    private static Set<Flag> flags(Object value) {
        String[] names = value instanceof String[] several ? several : new String[]{value.toString()};
        return Arrays.stream(names).filter(name -> !name.isEmpty()).map(Flag::valueOf).collect(Collectors.toSet());
    }
}
