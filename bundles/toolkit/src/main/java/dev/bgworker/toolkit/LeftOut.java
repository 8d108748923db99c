package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorData;
import org.slf4j.Logger;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * Says that a set's limit leaves wanted keys without a worker, as the launcher's "out of logical replication worker slots":
 * one WARNING until it leaves none. The owner's thread only.
 */
final class LeftOut {

    private final Logger log;
    // All written by the owner's thread, the first two before keep.
    private int most = Integer.MAX_VALUE;
    private String hint = "";
    private boolean said;

    LeftOut(Logger log) { this.log = log; }

    void limit(int atATime, String whatToDo) {
        if (atATime < most) {
            most = atATime;
            hint = whatToDo;
        }
    }

    /** Counts wishes and not workers, so that a set whose workers take turns does not say it at each turn. */
    void look(int wanted) {
        boolean tooSmall = wanted > most;
        if (tooSmall && !said) {
            ErrorData why = errcode("53400", "out of workers: " + wanted + " are wanted, the limit is " + most)
                    .errhint(hint);
            log.warn("worker set: {}", why.inWords());
        }
        said = tooSmall;
    }
}
