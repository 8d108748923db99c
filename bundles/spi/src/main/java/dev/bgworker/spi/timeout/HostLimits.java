package dev.bgworker.spi.timeout;

import dev.bgworker.api.host.HostSettings;
import dev.bgworker.api.process.Held;

/** What the host's settings say of timeouts, read anew after each change. Thread-safe. */
public final class HostLimits implements Held {

    private final HostSettings settings;
    private final Held listening;
    // Written by whoever changes the settings.
    private volatile Limits now;

    public HostLimits(HostSettings settings) {
        this.settings = settings;
        listening = settings.listen(this::read);
        read();
    }

    private void read() {
        now = new Limits(nanos(Setting.STATEMENT_TIMEOUT), nanos(Setting.LOCK_TIMEOUT), nanos(Setting.TRANSACTION_TIMEOUT),
                nanos(Setting.IDLE_IN_TRANSACTION_SESSION_TIMEOUT));
    }

    private long nanos(Setting setting) { return settings.time(setting.sqlName()).toNanos(); }

    Limits now() { return now; }

    /** As {@code SHOW} prints it. */
    String text(Setting setting) {
        return setting.isTime() ? Setting.print(settings.time(setting.sqlName())) : "";
    }

    @Override
    public void close() { listening.close(); }
}
