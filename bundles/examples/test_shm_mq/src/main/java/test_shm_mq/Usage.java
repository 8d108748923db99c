package test_shm_mq;

/** What Gogo's help says of the command and its options. */
final class Usage {

    static final String RUN = "sends messages round a ring of background workers, and tells how many a second";
    static final String QUEUE_SIZE = "bytes of each queue, 65536";
    static final String MESSAGE_SIZE = "bytes of each message, 64";
    static final String LOOPS = "how many messages, 10000";
    static final String WORKERS = "how many workers, 1";
    static final String PIPELINED = "as many messages at a time as the queues hold";
    static final String BLIND = "do not compare what comes back with what was sent";

    static final String HELP = "Usage: test_shm_mq:run [--queue_size BYTES] [--message_size BYTES] [--loops N] [--workers N]"
            + " [--pipelined] [--no-verify]";

    static final String YES = "true";
    static final String NO = "false";

    private Usage() {}
}
