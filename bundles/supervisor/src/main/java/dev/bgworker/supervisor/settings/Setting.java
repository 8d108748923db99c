package dev.bgworker.supervisor.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One setting of the host; {@link #ALL} is the table of them, PostgreSQL's {@code guc_tables}. A value.
 *
 * @param usual what it is when nothing is said
 */
record Setting<T>(String name, String usual, Form<T> form) {

    private static final int MAX_SLOTS = 262_143;

    static final Setting<Integer> MAX_WORKER_PROCESSES = of("max_worker_processes", "8", Form.whole(0, MAX_SLOTS));
    static final Setting<Integer> MAX_PER_LIBRARY = of("max_worker_processes_per_library", "0", Form.whole(0, MAX_SLOTS));
    static final Setting<Integer> LAUNCHES_PER_PASS = of("bgw_launches_per_pass", "100", Form.whole(1, MAX_SLOTS));
    static final Setting<Boolean> RESTART_AFTER_CRASH = of("restart_after_crash", "on", Form.SWITCH);
    static final Setting<List<String>> SHARED_PRELOAD_LIBRARIES = of("shared_preload_libraries", "", Form.LIST);
    static final Setting<List<Path>> DYNAMIC_LIBRARY_PATH = of("dynamic_library_path", "", Form.PATHS);
    static final Setting<Duration> SHUTDOWN_TIMEOUT = of("shutdown_timeout", "60s", Form.TIME);
    static final Setting<Duration> STOP_TIMEOUT = of("bgw_stop_timeout", "30s", Form.TIME);
    static final Setting<Duration> LIBRARY_GRACE = of("library_grace", "10s", Form.TIME);
    static final Setting<Duration> DEADLOCK_TIMEOUT = of("deadlock_timeout", "1s", Form.TIMEOUT);
    static final Setting<Boolean> TRACK_ACTIVITIES = of("track_activities", "on", Form.SWITCH);

    /** Those without a constant are read by providers alone. */
    static final List<Setting<?>> ALL = List.of(MAX_WORKER_PROCESSES, MAX_PER_LIBRARY, LAUNCHES_PER_PASS,
            RESTART_AFTER_CRASH, SHARED_PRELOAD_LIBRARIES, DYNAMIC_LIBRARY_PATH, SHUTDOWN_TIMEOUT, STOP_TIMEOUT,
            LIBRARY_GRACE, DEADLOCK_TIMEOUT, TRACK_ACTIVITIES,
            of("statement_timeout", "0s", Form.TIMEOUT), of("lock_timeout", "0s", Form.TIMEOUT),
            of("transaction_timeout", "0s", Form.TIMEOUT),
            of("idle_in_transaction_session_timeout", "0s", Form.TIMEOUT),
            of("durability", "durable", Form.oneOf("durable", "fsync", "fast")),
            of("recovery_check", "full", Form.oneOf("full", "recent", "off")),
            of("retention_time", "10s", Form.TIME));

    private static <T> Setting<T> of(String name, String usual, Form<T> form) { return new Setting<>(name, usual, form); }

    /** That text as it is shown; raises IllegalArgumentException with what is wrong with it. */
    String shown(String text) {
        return form.print().apply(form.parse().apply(text));
    }
}
