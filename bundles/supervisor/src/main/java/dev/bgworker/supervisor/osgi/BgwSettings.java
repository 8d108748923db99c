package dev.bgworker.supervisor.osgi;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What {@code etc/bgw.cfg} may say, described for tools; {@code SettingsReader} checks it. */
@ObjectClassDefinition(id = "bgw", name = "bgworkerd", description = "Settings of the host, under PostgreSQL's names")
@interface BgwSettings {

    @AttributeDefinition(name = "max_worker_processes", description = "slots for background workers, 0 to 262143")
    int max__worker__processes() default 8;

    @AttributeDefinition(name = "max_worker_processes_per_library", description = "slots of one library, 0 for no limit")
    int max__worker__processes__per__library() default 0;

    @AttributeDefinition(name = "bgw_launches_per_pass", description = "starts in one pass of the supervisor, 1 to 262143")
    int bgw__launches__per__pass() default 100;

    @AttributeDefinition(name = "restart_after_crash", description = "whether the host goes on after a worker crashed")
    String restart__after__crash() default "on";

    @AttributeDefinition(name = "shared_preload_libraries", description = "libraries loaded before anything starts, with commas")
    String shared__preload__libraries() default "";

    @AttributeDefinition(name = "dynamic_library_path", description = "folders of libraries loaded on first need, with commas")
    String dynamic__library__path() default "";

    @AttributeDefinition(name = "shutdown_timeout", description = "what a fast shutdown allows all workers together")
    String shutdown__timeout() default "60s";

    @AttributeDefinition(name = "bgw_stop_timeout", description = "what terminating allows one worker")
    String bgw__stop__timeout() default "30s";

    @AttributeDefinition(name = "library_grace", description = "how long workers of a vanished library stay registered")
    String library__grace() default "10s";

    @AttributeDefinition(name = "deadlock_timeout", description = "how long a wait lasts before deadlocks are looked for")
    String deadlock__timeout() default "1s";

    @AttributeDefinition(name = "statement_timeout", description = "how long a statement may take, 0 for ever")
    String statement__timeout() default "0";

    @AttributeDefinition(name = "lock_timeout", description = "how long a statement may wait for a lock, 0 for ever")
    String lock__timeout() default "0";

    @AttributeDefinition(name = "transaction_timeout", description = "how long a transaction may take, 0 for ever")
    String transaction__timeout() default "0";

    @AttributeDefinition(name = "idle_in_transaction_session_timeout", description = "longest idling in one, 0 for ever")
    String idle__in__transaction__session__timeout() default "0";

    @AttributeDefinition(name = "track_activities", description = "whether the activity shows states and statements")
    String track__activities() default "on";

    @AttributeDefinition(name = "durability", description = "what a commit survives: durable, fsync or fast")
    String durability() default "durable";

    @AttributeDefinition(name = "recovery_check", description = "what is checked after an unclean stop: full, recent"
            + " (databases that were written since they were opened) or off")
    String recovery__check() default "full";

    @AttributeDefinition(name = "retention_time", description = "how long storage keeps what was overwritten")
    String retention__time() default "10s";
}
