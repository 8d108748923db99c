package dev.bgworker.spi.cluster;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.Held;

/**
 * The session that gives a command; a value, for the process's own thread.
 *
 * @param check of interrupts
 */
public record Issuer(ProcArray.Entry proc, SessionIdentity identity, Runnable check) {

    /** Behind the gate, since the engine's files are used on this thread. */
    void inside(String doing, Runnable work) {
        try (Held held = proc.gate().enter(() -> {}, doing)) {
            work.run();
        }
    }
}
