package dev.bgworker.api.control;

import dev.bgworker.api.process.ErrorException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A definition in words, the same in file, annotation, shell and SQL: {@code bgw_name}, {@code bgw_restart_time} and so on,
 * {@code bgw_extra.KEY} for each key of extra; {@code bgw_runs_in}, {@code backoff.*} and {@code limit.*} are ours. What is
 * printed can be read again.
 */
public final class DefinitionText {

    /** What the keys of extra begin with. */
    public static final String EXTRA = "bgw_extra.";

    /** All but those of extra. */
    public static final List<String> KEYS = Parameter.ALL.stream().map(Parameter::key).toList();

    private DefinitionText() {}

    /**
     * What is left out is as {@link BackgroundWorker#builder} has it; the name is that of the function. One {@code backoff.*}
     * key turns back-off on: factor 2, cap 5 min and the rest as {@link RestartPolicy#backoff} has it, where not said.
     *
     * @param texts by key
     * @throws ErrorException 22023 with all that is wrong: keys unknown, missing or given twice, values that are none. What
     *     values mean is checked when the worker is registered
     */
    public static BackgroundWorker parse(Collection<Map.Entry<String, String>> texts) {
        DefinitionDraft draft = new DefinitionDraft();
        texts.forEach(each -> draft.read(each.getKey(), each.getValue()));
        return draft.build();
    }

    /** All keys that say something, in their order, those of extra sorted at the end. */
    public static Map<String, String> print(BackgroundWorker worker) {
        Map<String, String> texts = new LinkedHashMap<>();
        Parameter.ALL.forEach(each -> each.print(worker).ifPresent(text -> texts.put(each.key(), text)));
        new TreeMap<>(worker.extra()).forEach((key, value) -> texts.put(EXTRA + key, value));
        return texts;
    }
}
