package dev.bgworker.api;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.process.ProcExit;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** The process that runs a {@link WorkerMain}; useless after main returned. */
@ProviderType
public interface WorkerContext extends Proc {

    /** {@code MyBgworkerEntry}: the definition as registered; from any thread. */
    BackgroundWorker entry();

    /**
     * Settings of this library ({@code library.key} in etc/bgw.cfg, full names) as read last; HUP says that they changed
     * ({@code ProcessConfigFile}).
     */
    Map<String, String> settings();

    /** Tells whoever waits that initialisation is over; {@code STARTED} alone says only that main was entered. */
    void ready();

    /** {@code proc_exit(status)}, written {@code throw worker.exit(1)}; from here on it is sticky. */
    ProcExit exit(int status);
}
