package dev.bgworker.supervisor.process;

import dev.bgworker.api.control.Server;
import dev.bgworker.api.process.Activity;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The row of one process in {@code pg_stat_activity}. Written by the owner's thread only, by a client's one at a time, and
 * for nanoseconds, since each statement does it: what can be made of it when somebody reads is made then.
 */
final class ActivityRow implements Activity {

    private static final int MAX_QUERY = 1023;
    private static final int MAX_APPLICATION_NAME = 63;

    private final BgProc proc;
    private final Clock clock;
    private final CoarseTime time;
    private final SupervisorFacts settings;
    private final Instant backendStart;
    /** Guards all down to the wait event. */
    private final ChangeCount changes = new ChangeCount();
    private String database;
    private String role;
    private String applicationName = "";
    private State state;
    private String query;
    private Instant xactStart;
    /** The start of a statement that its author told; null when spi did, whose microseconds of the epoch come next. */
    private Instant authoredStart;
    private long queryStart;
    private long stateChange;
    private String waitEventType;
    private String waitEvent;
    /** From when on barriers are its business (R101); written by the owner. */
    private volatile boolean connected;
    /** The rest: the owner's thread only. */
    private Instant statementStart;
    private boolean authored;
    private Runnable flush;

    ActivityRow(BgProc proc, Shared shared) {
        this.proc = proc;
        this.clock = shared.clock();
        this.time = shared.time();
        this.settings = shared.supervisor();
        this.backendStart = clock.instant();
        this.statementStart = backendStart;
    }

    @Override
    public void report(State now, String text) {
        proc.checkCall();
        authored = now == State.ACTIVE && settings.trackActivities();
        show(now, text, statementStart);
    }

    @Override
    public void applicationName(String name) {
        proc.checkCall();
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_APPLICATION_NAME) {
            throw proc.error("22023", "application_name is too long", "It may have " + MAX_APPLICATION_NAME + " bytes.");
        }
        nameApplication(name);
    }

    @Override
    public Instant backendStart() {
        proc.checkCall();
        return backendStart;
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
        flushAtExit();
    }

    /** What has been counted and not been told, whatever is open. */
    void flushAtExit() {
        if (flush != null) {
            flush.run();
        }
    }

    void statistics(Runnable whatFlushes) { flush = whatFlushes; }

    /** As spi sees it, unless the author has said better. */
    void shows(State now, String text) {
        if (!authored) {
            show(now, text, null);
        }
    }

    /** @param start of the query, null for now */
    private void show(State now, String text, Instant start) {
        if (!settings.trackActivities()) {
            disable();
            return;
        }
        long micros = time.micros();
        changes.begin();
        state = now;
        stateChange = micros;
        if (text != null) {
            query = text;
            authoredStart = start;
            queryStart = micros;
        }
        changes.end();
    }

    private void disable() {
        if (state != State.DISABLED) {
            changes.begin();
            state = State.DISABLED;
            stateChange = 0;
            query = null;
            changes.end();
        }
    }

    /** On the owner's thread, or before there is one. */
    void nameApplication(String name) {
        changes.begin();
        applicationName = name;
        changes.end();
    }

    void session(String toDatabase, String asRole, Instant transactionStart) {
        if (!connected) { // a volatile field is dear to write
            connected = true;
        }
        changes.begin();
        database = toDatabase;
        role = asRole;
        xactStart = transactionStart;
        changes.end();
    }

    /** The owner's thread: which database it said last. */
    String database() { return database; }

    /** The owner's thread: what a line about its end says that it was running; empty for nothing. */
    String lastQuery() {
        return query == null || !settings.trackActivities() ? "" : clipped(query);
    }

    /** It begins to connect, and so takes part in barriers from now on (R101). */
    void connecting() {
        connected = true;
        shows(State.STARTING, null);
    }

    /** Nothing is known of its state until somebody reports one (R220). */
    void hasConnected() {
        if (state == State.STARTING) {
            shows(null, null);
        }
    }

    boolean connected() { return connected; }

    void waiting(String type, String event) {
        changes.begin();
        waitEventType = type;
        waitEvent = event;
        changes.end();
    }

    /** From any thread. */
    Server.ActivityRow now() {
        boolean on = settings.trackActivities();
        return changes.read(() -> new Server.ActivityRow(proc.pid(), proc.type(), proc.name(), proc.library(), database,
                role,
                applicationName, on ? state : State.DISABLED, on && query != null ? clipped(query) : null, backendStart,
                on ? xactStart : null, on ? queryStart() : null, on ? instant(stateChange) : null, waitEventType,
                waitEvent));
    }

    private Instant queryStart() {
        return query == null ? null : authoredStart == null ? instant(queryStart) : authoredStart;
    }

    private static Instant instant(long micros) {
        return micros == 0 ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** To {@code track_activity_query_size - 1} bytes, without half a character at the end. */
    private static String clipped(String text) {
        if (text.length() * 3L <= MAX_QUERY) { // no character of Java has more bytes
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_QUERY) {
            return text;
        }
        int end = MAX_QUERY;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
