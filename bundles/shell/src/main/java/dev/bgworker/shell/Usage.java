package dev.bgworker.shell;

/** What {@code help bgw:list} and {@code bgw:list --help} print: constants, since annotations take nothing else. */
final class Usage {

    static final String LIST = """
            bgw:list [--json] [--state STATES] [--limit ROWS]: all background workers, refused definitions included
               --state STATES            only those in one of these states, such as FAILED,PAUSED
               --limit ROWS              at most so many""";

    static final String SHOW = "bgw:show [--json] NAME|PID|--slot SLOT: all that is known of one background worker";

    static final String REGISTER = """
            bgw:register --bgw_library_name LIBRARY --bgw_function_name FUNCTION [option ...]: \
            registers a dynamic background worker, owned by the host
               --bgw_name NAME           default: the function name
               --bgw_type TYPE           default: the name
               --bgw_main_arg ARGUMENT   int, long, double, boolean, \\x bytes or text; default: 0
               --bgw_restart_time TIME   seconds, a time such as 2min, or never; default: 60
               --bgw_start_time WHEN     postmaster_start, consistent_state or recovery_finished (the default)
               --bgw_flags FLAGS         of shmem_access,database_connection,interruptible; default: the first two
               --bgw_extra.KEY TEXT      one of bgw_extra, may be given for several keys
               --bgw_notify_pid PID      the process that is told of start and stop
               --bgw_role ROLE           connects as that role when it names none itself; default: the superuser
               --bgw_runs_in STATES      server states, with commas; it is stopped and started as they change
               --bgw_outlives_owner ON   on or off; the owner is the host
               --backoff.factor NUMBER   the restart time grows by it with each failure in a row; 2 with the others
               --backoff.cap TIME        up to that; default: 5min
               --backoff.jitter SHARE    varied by that share of itself, 0 to 1; default: 0.2
               --backoff.healthy_after TIME
                                         a run so long starts it over; default: ten times the restart time
               --limit.starts COUNT      FAILED when it fails after so many starts
               --limit.window TIME       within that time
               --wait TIME               waits until it is ready, or has exited (a failure unless with status 0);
                                         when the time is over: not in main yet is a failure, and one in main
                                         that never calls ready() is told as RUNNING, not ready""";

    private static final String WHICH = """

            --slot SLOT               the one in that slot of bgw:list, also when it has no pid
            --all NAME                all of that name""";

    static final String TERMINATE = """
            bgw:terminate [--wait TIME] NAME|PID|--slot SLOT|--all NAME: \
            ends a background worker for good, it is not restarted""" + WHICH + """

            --wait TIME               waits until it is gone, such as 10s

            One of a file is registered again when the file changes, one of a library when the library is loaded again,
            a dynamic one by bgw:register""";

    static final String RESTART = """
            bgw:restart [--wait TIME] NAME|PID|--slot SLOT|--all NAME: \
            ends the run of a background worker if there is one, and starts the next at once""" + WHICH + """

            --wait TIME               waits until the next run is ready, as bgw:register does""";

    static final String PAUSE = """
            bgw:pause [--reason TEXT] [--wait TIME] NAME|PID|--slot SLOT|--all NAME: \
            ends the run of a background worker and starts none until bgw:resume""" + WHICH + """

            --reason TEXT             shown by bgw:list
            --wait TIME               waits until the run is over""";

    static final String RESUME = """
            bgw:resume [--wait TIME] NAME|PID|--slot SLOT|--all NAME: \
            has a background worker run again that was paused or has FAILED""" + WHICH + """

            --wait TIME               waits until it is ready, as bgw:register does""";

    static final String CANCEL = """
            bgw:cancel PID|NAME|--slot SLOT|--all NAME: \
            cancels what a process is executing, as pg_cancel_backend does (signal INT)""" + WHICH + """


            A background worker that does not handle the error exits with status 1 and comes back after its
            bgw_restart_time; one that is never restarted is gone""";

    static final String SIGNAL = """
            bgw:signal --signal SIGNAL PID|NAME|--slot SLOT|--all NAME: sends a signal to a process""" + WHICH + """

               --signal SIGNAL           TERM, INT, HUP, USR1, USR2 or QUIT

            TERM is pg_terminate_backend: by default a background worker exits with status 1 and comes back after its
            bgw_restart_time; one that reads TERM as a request to shut down, as the toolkit's main loop does, exits
            with status 0 and is unregistered. bgw:restart ends any run and starts the next""";

    static final String SQL = """
            bgw:sql [--database NAME] [--role ROLE] [--limit ROWS] [--json] 'STATEMENTS': \
            executes SQL as a client backend, each statement in a transaction of its own, until one fails
               --database NAME           default: postgres; '' for none, as for REINDEX DATABASE
               --role ROLE               default: the superuser
               --limit ROWS              shows so many of each, 0 all; default: 1000, and all with --json
               --json                    an array of rows for each statement that returns some""";

    static final String LIBS = "bgw:libs [--json]: libraries, current and shadowed, and files that were refused";

    static final String RELOAD = """
            bgw:reload [--wait TIME]: reads the settings again and signals all workers
               --wait TIME               waits until each connected process has passed an interrupt check since,
                                         such as 10s""";

    static final String PROMOTE = """
            bgw:promote [--wait TIME]: ends standby mode, as pg_promote does
               --wait TIME               waits until the server state is RECOVERY_FINISHED, such as 60s""";

    static final String STOP = """
            bgw:stop [--mode MODE]: stops the server, as pg_ctl stop does; felix:stop stops a bundle
               --mode MODE               smart: waits for sessions to end; fast, the default: ends all workers;
                                         immediate: and closes the databases without a checkpoint""";

    static final String ACTIVITY = "bgw:activity [--json]: what each process is doing, as in pg_stat_activity";

    static final String LOCKS = "bgw:locks [--json]: who holds and who waits for named locks, LWLocks and queues, as in pg_locks";

    static final String WAIT_EVENTS = "bgw:wait_events [--json]: what a process can wait for, as in pg_wait_events";

    static final String SHMEM = "bgw:shmem [--json]: what is in shared memory: areas, tranches, segments and DSA areas";

    // what "help" says of the parameters, below the usage
    static final String LIST_WORD = "options as above, or nothing";
    static final String JSON_WORD = "--json, or nothing";
    static final String SHOW_WORD = "NAME, PID or --slot SLOT, and --json";
    static final String REGISTER_WORD = "options, as above";
    static final String WORKER_WORD = "NAME, PID or --slot SLOT, and options as above";
    static final String PROCESS_WORD = "PID, NAME or --slot SLOT, and options as above";
    static final String SERVER_WORD = "options as above, or nothing";
    static final String SQL_WORD = "options, as above, and the statements as one text";
    static final String NO_WORD = "nothing";

    private Usage() {}
}
