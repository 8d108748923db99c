package dev.bgworker.shell;

import java.time.Duration;

/**
 * What one client may take.
 *
 * @param connections served at once
 * @param waiting how many more may wait for their turn
 * @param turn how long they wait
 * @param request time to send the request
 * @param stuck how long a client may take nothing of its answer
 * @param bytes of a request, lengths included
 * @param words of a request
 */
record Limits(int connections, int waiting, Duration turn, Duration request, Duration stuck, int bytes, int words) {

    static final Limits DEFAULT = new Limits(8, 64, Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(10),
            1 << 20, 10_000);
}
