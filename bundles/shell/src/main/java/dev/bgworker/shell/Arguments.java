package dev.bgworker.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The arguments of one command: flags, options with a value ({@code --wait 10s} or {@code --wait=10s}), operands; after
 * {@code --} all is operand. What follows an option is its value, whatever it looks like.
 */
final class Arguments {

    private static final String HELP = "--help";

    private final String usage;
    private final Map<String, List<String>> given = new LinkedHashMap<>();
    private final List<String> operands = new ArrayList<>();

    private Arguments(String usage) { this.usage = usage; }

    static Arguments parse(String usage, Set<String> flags, Set<String> options, String... words) {
        return parse(usage, flags, options::contains, words);
    }

    /** @param options whether a word is an option with a value */
    static Arguments parse(String usage, Set<String> flags, Predicate<String> options, String... words) {
        Arguments result = new Arguments(usage);
        for (int i = 0; i < words.length; i++) {
            // Gogo turns the unquoted word null into a null
            String word = String.valueOf(words[i]);
            int equals = word.indexOf('=');
            if (word.equals("--")) {
                while (++i < words.length) {
                    result.operands.add(String.valueOf(words[i]));
                }
            } else if (!word.startsWith("--")) {
                result.operands.add(word);
            } else if (flags.contains(word) || word.equals(HELP)) {
                result.put(word, "");
            } else if (equals > 0 && options.test(word.substring(0, equals))) {
                result.put(word.substring(0, equals), word.substring(equals + 1));
            } else if (!options.test(word)) {
                throw result.misuse("unrecognized option \"" + word + "\"");
            } else if (++i == words.length) {
                throw result.misuse("option " + word + " requires a value");
            } else {
                result.put(word, String.valueOf(words[i]));
            }
        }
        return result;
    }

    private void put(String name, String value) { given.computeIfAbsent(name, missing -> new ArrayList<>()).add(value); }

    boolean help() { return given.containsKey(HELP); }

    boolean has(String flag) { return given.containsKey(flag); }

    /** Those that were given, in the order of their first mention. */
    Set<String> options() { return given.keySet(); }

    List<String> values(String option) { return given.getOrDefault(option, List.of()); }

    Optional<String> value(String option) {
        List<String> values = values(option);
        if (values.size() > 1) {
            throw misuse("option " + option + " was given " + values.size() + " times");
        }
        return values.stream().findFirst();
    }

    /** The one operand that the command takes. */
    String operand(String what) {
        if (operands.isEmpty()) {
            throw misuse(what + " is missing");
        }
        if (operands.size() > 1) {
            throw misuse("too many arguments, the second is \"" + operands.get(1) + "\"; a name with blanks needs quotes");
        }
        return operands.get(0);
    }

    /** The operand if there is one and no other. */
    Optional<String> onlyOperand() {
        return operands.stream().findFirst().filter(one -> operands.size() == 1);
    }

    void noOperands() {
        if (!operands.isEmpty()) {
            throw misuse("unexpected argument \"" + operands.get(0) + "\"");
        }
    }

    CommandFailure misuse(String message) { return CommandFailure.misuse(message, "Usage: " + usage); }
}
