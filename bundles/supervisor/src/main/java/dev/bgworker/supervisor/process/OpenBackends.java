package dev.bgworker.supervisor.process;

import java.util.ArrayList;
import java.util.List;

/** How many backends there are, for a smart shutdown, which lets none in and waits for the last. Thread-safe, by its monitor. */
final class OpenBackends {

    private final List<Runnable> whenNone = new ArrayList<>();
    private int open;
    /** Why none may come any more; null while they may. */
    private String refused;

    /** One is to be opened; FATAL 57P03 when none may. */
    synchronized void opening() {
        if (refused != null) {
            throw Errors.fatal("57P03", refused);
        }
        open++;
    }

    void closed() {
        List<Runnable> last;
        synchronized (this) {
            open--;
            last = open == 0 ? List.copyOf(whenNone) : List.of();
            whenNone.removeAll(last);
        }
        last.forEach(Runnable::run);
    }

    synchronized void refuse(String reason) { refused = reason; }

    void whenNone(Runnable then) {
        synchronized (this) {
            if (open > 0) {
                whenNone.add(then);
                return;
            }
        }
        then.run();
    }
}
