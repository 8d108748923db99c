package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.DefinitionText;
import dev.bgworker.api.process.ErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The definition that {@code bgw:register} was given: {@code --KEY TEXT} for each key of its text form. Pure. */
final class Registration {

    private static final List<String> PREFIXES = List.of("--bgw_", "--backoff.", "--limit.");

    private Registration() {}

    /** Also what only looks like a key, so that its fault is told in the words of all ways. */
    static boolean isOption(String word) {
        return word.equals("--wait") || PREFIXES.stream().anyMatch(word::startsWith);
    }

    static BackgroundWorker definition(Arguments given) {
        List<Map.Entry<String, String>> texts = new ArrayList<>();
        given.options().stream().filter(option -> PREFIXES.stream().anyMatch(option::startsWith))
                .forEach(option -> given.values(option)
                        .forEach(text -> texts.add(Map.entry(option.substring("--".length()), text))));
        try {
            return DefinitionText.parse(texts);
        } catch (ErrorException refused) {
            throw new CommandFailure(CommandFailure.MISUSE, refused.data());
        }
    }
}
