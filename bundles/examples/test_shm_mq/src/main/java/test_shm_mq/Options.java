package test_shm_mq;

import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.process.ErrorException;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What the command was given; 22023 for what cannot be. A value. */
record Options(long queueSize, int messageSize, long loops, int workers, boolean pipelined, boolean verify) {

    /** {@code MaxAllocSize}: longer messages the queue refuses. */
    private static final int LONGEST = (1 << 30) - 1;
    /** {@code MAX_BACKENDS}: more slots there cannot be. */
    private static final int MOST = 262_143;

    Options {
        check("queue_size", queueSize, ShmMq.MINIMUM_SIZE, LONGEST);
        check("message_size", messageSize, 0, LONGEST);
        check("loops", loops, 1, Long.MAX_VALUE);
        check("workers", workers, 1, MOST);
    }

    /** What Gogo made no option of. */
    static void checkRest(String... words) {
        if (words.length > 0) {
            throw new ErrorException(errcode("22023", "unrecognized option \"" + words[0] + "\"").errhint(Usage.HELP));
        }
    }

    private static void check(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ErrorException(errcode("22023", "invalid value for option --" + option + ": " + value)
                    .errhint(
                            "It must be at least " + least + (most == Long.MAX_VALUE ? "." : " and at most " + most + ".")));
        }
    }
}
