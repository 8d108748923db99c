package dev.bgworker.supervisor.library;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.RegisterBackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.DefinitionText;
import dev.bgworker.api.process.ErrorException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A component's properties as {@link RegisterBackgroundWorker} left them there, read back as a definition. */
final class AnnotatedWorker {

    /** Which parameter a member says. */
    private static final Map<String, String> PARAMETERS = Map.of("bgw.name", "bgw_name", "bgw.type", "bgw_type", "bgw.flags",
            "bgw_flags", "bgw.startTime", "bgw_start_time", "bgw.restartSeconds", "bgw_restart_time", "bgw.mainArg",
            "bgw_main_arg", "bgw.role", "bgw_role", "bgw.runsIn", "bgw_runs_in");

    /** The same, of those whose default, a negative number, stands for nothing said. */
    private static final Map<String, String> POLICY = Map.of("bgw.backoffFactor", "backoff.factor", "bgw.backoffCapSeconds",
            "backoff.cap", "bgw.backoffJitter", "backoff.jitter", "bgw.backoffHealthyAfterSeconds", "backoff.healthy_after",
            "bgw.limitStarts", "limit.starts", "bgw.limitWindowSeconds", "limit.window");

    private static final String EXTRA = "bgw.extra";

    private AnnotatedWorker() {}

    /** Raises 22023 with what is wrong. */
    static BackgroundWorker read(Map<String, Object> properties, String library, String function) {
        List<Map.Entry<String, String>> texts = new ArrayList<>();
        texts.add(Map.entry("bgw_library_name", library));
        texts.add(Map.entry("bgw_function_name", function));
        properties.forEach((member, value) -> {
            if (PARAMETERS.containsKey(member)) {
                texts.add(Map.entry(PARAMETERS.get(member), String.join(",", words(value))));
            } else if (POLICY.containsKey(member) && !negative(value)) {
                texts.add(Map.entry(POLICY.get(member), text(value)));
            } else if (member.equals(EXTRA)) {
                words(value).forEach(pair -> texts.add(extra(pair)));
            }
        });
        return DefinitionText.parse(texts);
    }

    /** What can be said of it whether or not it can be read. */
    static BackgroundWorker outline(Map<String, Object> properties, String library, String function) {
        return BackgroundWorker.builder(text(properties.get("bgw.name")), library, function).build();
    }

    private static Map.Entry<String, String> extra(String pair) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
            throw new ErrorException(errcode("22023", "invalid value for parameter \"bgw_extra\": \"" + pair + "\"")
                    .errhint("Write each as KEY=VALUE."));
        }
        return Map.entry(DefinitionText.EXTRA + pair.substring(0, equals), pair.substring(equals + 1));
    }

    /** An array of none is one empty text by the time it comes here. */
    private static List<String> words(Object value) {
        Object[] several = value instanceof Object[] array ? array : new Object[]{value};
        return Arrays.stream(several).map(AnnotatedWorker::text).filter(word -> !word.isEmpty()).toList();
    }

    private static boolean negative(Object value) { return value instanceof Number number && number.doubleValue() < 0; }

    /** Never with an exponent. */
    private static String text(Object value) {
        return value instanceof Double number && Double.isFinite(number)
                ? new BigDecimal(number.toString()).toPlainString()
                : value.toString();
    }
}
