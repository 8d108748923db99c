package dev.bgworker.launcher;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A command line that is for the shell of the running host. A value.
 *
 * @param home the word after {@code --home}, or null
 * @param patient whether {@code --wait} asks for patience with a host that is silent, before the command or as its own option
 * @param words the command {@code bgw:...} and its arguments
 */
record ShellCommandLine(String home, boolean patient, List<String> words) {

    private static final String HOME = "--home";
    /** A command that waits says nothing meanwhile. */
    private static final Predicate<String> OWN_WAIT = word -> word.equals("--wait") || word.startsWith("--wait=");

    /** Empty unless a word {@code bgw:...} stands first, or first after the options. */
    static Optional<ShellCommandLine> parse(String... args) {
        String home = null;
        boolean patient = false;
        for (int at = 0; at < args.length; at++) {
            if (args[at].startsWith("bgw:")) {
                List<String> words = List.copyOf(Arrays.asList(args).subList(at, args.length));
                return Optional.of(new ShellCommandLine(home, patient || words.stream().anyMatch(OWN_WAIT), words));
            } else if (args[at].equals("--wait")) {
                patient = true;
            } else if (args[at].startsWith(HOME + "=")) {
                home = args[at].substring(HOME.length() + 1);
            } else if (args[at].equals(HOME) && at + 1 < args.length) {
                home = args[++at];
            } else {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** An option that stands too late would be an argument of the command, which has none of that name. */
    Optional<String> misplaced() {
        return words.stream().filter(word -> word.equals(HOME) || word.startsWith(HOME + "="))
                .findFirst();
    }
}
