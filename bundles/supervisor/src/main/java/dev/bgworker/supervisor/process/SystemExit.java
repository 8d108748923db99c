package dev.bgworker.supervisor.process;

import java.util.Optional;
import java.util.Set;

/** Where a thread called {@code System.exit}, which never returns and waits for the host to shut down (R52). */
final class SystemExit {

    private static final Set<String> OF_THE_JVM = Set.of("java.lang.System", "java.lang.Runtime", "java.lang.Shutdown");

    private SystemExit() {}

    /** @param stack innermost first */
    static Optional<String> place(StackTraceElement[] stack) {
        boolean inside = false;
        for (StackTraceElement frame : stack) {
            if (inside && !OF_THE_JVM.contains(frame.getClassName())) {
                return Optional.of(frame.toString());
            }
            inside |= OF_THE_JVM.contains(frame.getClassName()) && frame.getMethodName().equals("exit");
        }
        return Optional.empty();
    }
}
