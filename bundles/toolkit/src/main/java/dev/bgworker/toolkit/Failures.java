package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.HostTime;
import java.time.Duration;

/**
 * The failures in a row of one loop: how many they are, which is the last that it may survive, and the pause that is on. The
 * worker's own thread only.
 */
final class Failures {

    private final HostTime time;
    // All written by the worker's thread alone.
    private int inARow;
    private boolean pausing;
    private Duration pause;
    private long since;

    Failures(HostTime time) { this.time = time; }

    /** One more; what is final or too much is thrown as FATAL with the data of the error, whose stack was told before. */
    void failed(Exception error, boolean goOn, Recovery recovery) {
        if (!pausing && Duration.ofNanos(time.nanoTime() - since).compareTo(recovery.healthyAfter()) >= 0) {
            inARow = 0;
        }
        inARow++;
        ErrorData data = ErrorReport.dataOf(error);
        if (!goOn || recovery.isFinal(data.sqlState())) {
            throw new FatalError(ErrorReport.withPlace(data, error));
        }
        if (recovery.exhausted(inARow)) {
            throw new FatalError(ErrorReport.withPlace(data, error).errcontext("main loop, " + inARow
                    + " failures without a healthy time between, as many as the limit of its Recovery"));
        }
        pausing = true;
        pause = recovery.pauseAfter(inARow);
        since = time.nanoTime();
    }

    /** After a good turn; how many failures it comes after, 0 when the one before was good as well. */
    int succeeded() {
        if (!pausing) {
            return 0;
        }
        pausing = false;
        since = time.nanoTime();
        return inARow;
    }

    /** For whoever looks at the worker during the pause. */
    String inWords(Exception last) {
        ErrorData data = ErrorReport.dataOf(last);
        return "main loop pauses after " + inARow + (inARow == 1 ? " failure: " : " failures: ") + data.sqlState() + ": "
                + data.message();
    }

    /** Whether the last turn failed. */
    boolean pausing() { return pausing; }

    /** Of the pause; zero or less when it is over. */
    Duration rest() { return pause.minusNanos(time.nanoTime() - since); }
}
