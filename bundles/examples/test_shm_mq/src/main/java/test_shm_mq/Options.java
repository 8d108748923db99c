package test_shm_mq;

import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.process.ErrorException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What the command was given. A value. */
record Options(long queueSize, int messageSize, long loops, int workers, boolean pipelined, boolean verify) {

    private static final Set<String> NUMBERS = Set.of("--queue_size", "--message_size", "--loops", "--workers");
    private static final Set<String> FLAGS = Set.of("--pipelined", "--no-verify");
    /** {@code MaxAllocSize}: longer messages the queue refuses. */
    private static final int LONGEST = (1 << 30) - 1;
    /** {@code MAX_BACKENDS}: more slots there cannot be. */
    private static final int MOST = 262_143;

    /** {@code --loops 10} or {@code --loops=10}; 22023 for what cannot be. */
    static Options parse(String... words) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < words.length; i++) {
            String word = String.valueOf(words[i]); // of an unquoted null Gogo makes one
            String[] parts = word.split("=", 2);
            String value = "";
            if (NUMBERS.contains(parts[0])) {
                if (parts.length == 1 && i + 1 == words.length) {
                    throw misuse("option " + word + " requires a value", Usage.HELP);
                }
                value = parts.length == 2 ? parts[1] : String.valueOf(words[++i]);
            } else if (!FLAGS.contains(word)) {
                throw misuse("unrecognized option \"" + word + "\"", Usage.HELP);
            }
            if (given.put(parts[0], value) != null) {
                throw misuse("option " + parts[0] + " was given twice", Usage.HELP);
            }
        }
        return new Options(number(given, "--queue_size", 65_536, ShmMq.MINIMUM_SIZE, LONGEST),
                (int) number(given, "--message_size", 64, 0, LONGEST),
                number(given, "--loops", 10_000, 1, Long.MAX_VALUE), (int) number(given, "--workers", 1, 1, MOST),
                given.containsKey("--pipelined"), !given.containsKey("--no-verify"));
    }

    private static long number(Map<String, String> given, String option, long usual, long least, long most) {
        String text = given.getOrDefault(option, Long.toString(usual));
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException expected) {
            // told below, as is a number that is too small or too large
        }
        throw misuse("invalid value for option " + option + ": \"" + text + "\"",
                "It must be a whole number, at least " + least + " and at most " + most + ".");
    }

    private static ErrorException misuse(String message, String hint) {
        return new ErrorException(errcode("22023", message).errhint(hint));
    }
}
