package dev.bgworker.supervisor.process;

import org.slf4j.MDC;

/** The keys by which lines of the log say whose they are; the thread's own, the database comes with the session. */
final class LogKeys {

    private LogKeys() {}

    static void put(BgProc proc) {
        MDC.put("pid", Long.toString(proc.pid()));
        MDC.put("name", proc.name());
        MDC.put("type", proc.type());
        if (proc.library() != null) {
            MDC.put("library", proc.library());
        }
    }
}
