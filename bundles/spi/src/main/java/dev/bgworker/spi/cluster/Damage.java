package dev.bgworker.spi.cluster;

import dev.bgworker.api.process.ErrorException;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What a check found wrong in a database. Thread-safe. */
public final class Damage {

    // Written by whoever checked or rebuilt it; null when nothing is known to be wrong.
    private volatile String found;

    void set(String now) { found = now; }

    public boolean known() { return found != null; }

    /** For whoever connects to that database; the control database has no name. */
    void check(String database) {
        String now = found;
        if (now != null && database.isEmpty()) {
            throw new ErrorException(errcode("XX001", "the control database is damaged").errdetail(now + ".")
                    .errhint("Restore the data directory, or connect with Bypass.ALLOWCONN to look at it."));
        } else if (now != null) {
            throw new ErrorException(errcode("XX001", "database \"" + database + "\" is damaged").errdetail(now + ".")
                    .errhint("Run REINDEX DATABASE " + database
                            + " from another one, or connect with Bypass.ALLOWCONN to look at it."));
        }
    }
}
