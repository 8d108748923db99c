package dev.bgworker.testing;

import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorData;
import java.util.Optional;

/**
 * How a run of a worker ended.
 *
 * @param status 0 done, 1 failed, everything else a crash
 * @param error what was raised; empty for a return and for {@code proc_exit}
 * @param details of the worker right after it, which say what becomes of it now
 */
public record WorkerExit(int status, Optional<ErrorData> error, WorkerDetails details) {

    /** Whether it was to be expected: it came back from main, was told to go, or chose a status of 0 or 1. */
    boolean orderly() {
        return (status == 0 || status == 1) && error.filter(each -> !each.sqlState().equals("57P01")).isEmpty();
    }

    @Override
    public String toString() { return "status " + status + error.map(each -> ", " + each.inWords()).orElse(""); }
}
