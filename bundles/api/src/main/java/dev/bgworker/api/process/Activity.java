package dev.bgworker.api.process;

import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;

/** What {@code pg_stat_activity} shows of this process beyond what the host fills in. Owner thread only. */
@ProviderType
public interface Activity {

    /** {@code state} of {@code pg_stat_activity}. */
    enum State {
        STARTING, IDLE, ACTIVE, IDLE_IN_TRANSACTION, IDLE_IN_TRANSACTION_ABORTED, DISABLED
    }

    /**
     * {@code pgstat_report_activity}; a null query keeps the last text. spi reports the statements by itself; once the author
     * has reported ACTIVE, that text stays until the author reports another state.
     */
    void report(State state, String query);

    /** {@code application_name}; at most 63 bytes. */
    void applicationName(String name);

    /** {@code backend_start}, which tells a process from another that had its pid in an earlier run of the host. */
    Instant backendStart();

    /** {@code SetCurrentStatementStartTimestamp}; a transaction start uses the value recorded last. */
    void statementStart();

    /** {@code GetCurrentStatementStartTimestamp}; {@code now()} in SQL. */
    Instant statementTimestamp();

    /**
     * {@code pgstat_report_stat}: adds what this process counted to the totals of its database. Done by itself at the end of a
     * transaction when the last time is a second ago, and at exit. Inside a transaction ERROR 25001.
     */
    void flushStatistics();
}
