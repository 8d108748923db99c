package dev.bgworker.supervisor.process;

import dev.bgworker.api.control.Server;
import dev.bgworker.api.process.Activity;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;

/**
 * The row of one process in {@code pg_stat_activity}. Written by the owner's thread only; each field is volatile, so that
 * readers see whole values, of which two may be from neighbouring moments, as in PostgreSQL.
 */
final class ActivityRow implements Activity {

    private static final int MAX_QUERY = 1023;
    private static final int MAX_APPLICATION_NAME = 63;

    private final BgProc proc;
    private final Clock clock;
    private final Instant backendStart;
    private volatile String database;
    private volatile String role;
    private volatile String applicationName = "";
    private volatile State state;
    private volatile String query;
    private volatile Instant xactStart;
    private volatile Instant queryStart;
    private volatile Instant stateChange;
    private volatile Instant statementStart;
    private volatile String waitEventType;
    private volatile String waitEvent;
    /** Both: the owner's thread only. */
    private boolean authored;
    private Runnable flush;

    ActivityRow(BgProc proc, Clock clock) {
        this.proc = proc;
        this.clock = clock;
        this.backendStart = clock.instant();
        this.statementStart = backendStart;
    }

    @Override
    public void report(State now, String text) {
        proc.checkCall();
        authored = now == State.ACTIVE;
        show(now, text);
        if (text != null) {
            queryStart = statementStart;
        }
    }

    @Override
    public void applicationName(String name) {
        proc.checkCall();
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_APPLICATION_NAME) {
            throw proc.error("22023", "application_name is too long", "It may have " + MAX_APPLICATION_NAME + " bytes.");
        }
        applicationName = name;
    }

    @Override
    public void statementStart() {
        proc.checkCall();
        statementStart = clock.instant();
    }

    @Override
    public Instant statementTimestamp() {
        proc.checkCall();
        return statementStart;
    }

    @Override
    public void flushStatistics() {
        proc.checkCall();
        if (xactStart != null) {
            throw proc.error("25001", "statistics cannot be flushed inside a transaction", "Commit or abort it first.");
        }
        if (flush != null) {
            flush.run();
        }
    }

    void statistics(Runnable whatFlushes) { flush = whatFlushes; }

    /** As spi sees it, unless the author has said better. */
    void shows(State now, String text) {
        if (!authored) {
            show(now, text);
        }
    }

    private void show(State now, String text) {
        state = now;
        stateChange = clock.instant();
        if (text != null) {
            query = text.length() <= MAX_QUERY ? text : text.substring(0, MAX_QUERY);
            queryStart = stateChange;
        }
    }

    /** For a backend, before its thread owns it. */
    void nameApplication(String name) { applicationName = name; }

    void session(String toDatabase, String asRole, Instant transactionStart) {
        database = toDatabase;
        role = asRole;
        xactStart = transactionStart;
    }

    /** Whether it has begun to connect, and so takes part in barriers (R101). */
    boolean connected() {
        return database != null;
    }

    void waiting(String type, String event) {
        waitEventType = type;
        waitEvent = event;
    }

    /** From any thread. */
    Server.ActivityRow now() {
        return new Server.ActivityRow(proc.pid(), proc.type(), proc.name(), proc.library(), database, role, applicationName,
                state, query, backendStart, xactStart, queryStart, stateChange, waitEventType, waitEvent);
    }
}
