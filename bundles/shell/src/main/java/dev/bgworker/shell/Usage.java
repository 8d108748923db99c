package dev.bgworker.shell;

/** What {@code help bgw:list} and {@code bgw:list --help} print: constants, since annotations take nothing else. */
final class Usage {

    static final String LIST = "bgw:list [--json]: all background workers, refused definitions included";

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
               --bgw_extra KEY=VALUE     may be repeated
               --wait TIME               waits until it is ready, or has exited (a failure unless with status 0);
                                         when the time is over: not in main yet is a failure, and one in main
                                         that never calls ready() is told as RUNNING, not ready""";

    static final String TERMINATE = """
            bgw:terminate [--wait TIME] NAME|PID|--slot SLOT|--all NAME: \
            ends a background worker for good, it is not restarted
               --slot SLOT               the one in that slot of bgw:list, also when it has no pid
               --all NAME                all of that name
               --wait TIME               waits until it is gone, such as 10s""";

    static final String LIBS = "bgw:libs [--json]: libraries, current and shadowed, and files that were refused";

    static final String RELOAD = "bgw:reload: reads the settings again and signals all workers";

    static final String ACTIVITY = "bgw:activity [--json]: what each process is doing, as in pg_stat_activity";

    // what "help" says of the parameters, below the usage
    static final String JSON_WORD = "--json, or nothing";
    static final String SHOW_WORD = "NAME, PID or --slot SLOT, and --json";
    static final String REGISTER_WORD = "options, as above";
    static final String TERMINATE_WORD = "NAME, PID or --slot SLOT, and options as above";
    static final String RELOAD_WORD = "nothing";

    private Usage() {}
}
