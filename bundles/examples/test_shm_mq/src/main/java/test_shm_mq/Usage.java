package test_shm_mq;

/** What the command says of itself and its options. */
final class Usage {

    static final String RUN = "sends messages round a ring of background workers, and tells how many a second";
    static final String OPTIONS = "[--queue_size BYTES] [--message_size BYTES] [--loops N] [--workers N] [--pipelined]"
            + " [--no-verify]; --help says more";

    static final String HELP = """
            Usage: test_shm_mq:run [OPTION]...
              --queue_size BYTES    of each queue, 65536
              --message_size BYTES  of each message, 64
              --loops N             how many messages, 10000
              --workers N           how many workers, 1
              --pipelined           as many messages at a time as the queues hold
              --no-verify           do not compare what comes back with what was sent""";

    private Usage() {}
}
