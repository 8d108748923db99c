package dev.bgworker.supervisor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a shutdown waits for, and tells when it did not come. */
final class Awaited {

    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

    private Awaited() {}

    /** False when it had not come by then. */
    static boolean await(CompletableFuture<Void> gone, Duration longest, String who) throws InterruptedException {
        try {
            gone.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            LOG.error("{} are left after {} s", who, longest.toSeconds(), e);
            return false;
        }
    }
}
