package dev.bgworker.testing;

import dev.bgworker.api.control.Server;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** What a host of a test is to be; see {@link TestHost#builder}. One thread. */
public final class HostBuilder {

    private Instant start = Instant.parse("2026-01-01T00:00:00Z");
    private ZoneId zone = ZoneOffset.UTC;
    private Server.State state = Server.State.RECOVERY_FINISHED;
    private Duration patience = Duration.ofSeconds(10);
    private boolean database = true;
    private final Map<String, String> settings = new HashMap<>();

    HostBuilder() {}

    /** {@code max_worker_processes}; 8 when not said. */
    public HostBuilder maxWorkerProcesses(int slots) {
        return setting("max_worker_processes", String.valueOf(slots));
    }

    /** {@code max_worker_processes_per_library}; 0, as many as there are slots, when not said. */
    public HostBuilder maxWorkerProcessesPerLibrary(int slots) {
        return setting("max_worker_processes_per_library", String.valueOf(slots));
    }

    /** {@code restart_after_crash} off: a crash has the host stop, see {@link TestHost#stopped}. */
    public HostBuilder stopAfterCrash() {
        return setting("restart_after_crash", "off");
    }

    /** Where time stands at first; the beginning of 2026 when not said. */
    public HostBuilder at(Instant time) {
        start = time;
        return this;
    }

    /** The zone of the host's clock; UTC when not said. */
    public HostBuilder zone(ZoneId of) {
        zone = of;
        return this;
    }

    /** How far it has come when the test begins: STARTING, CONSISTENT, or RECOVERY_FINISHED when not said. */
    public HostBuilder state(Server.State reached) {
        state = reached;
        return this;
    }

    private HostBuilder setting(String name, String value) { return settings(Map.of(name, value)); }

    /** As {@link TestHost#settings}, from the start. */
    public HostBuilder settings(Map<String, String> more) {
        settings.putAll(more);
        return this;
    }

    /** How long, by real time, it waits for workers that do not come to rest; 10 s when not said. */
    public HostBuilder patience(Duration longest) {
        patience = longest;
        return this;
    }

    /** Without spi, as a host is that has no database: starts faster still. */
    public HostBuilder withoutDatabase() {
        database = false;
        return this;
    }

    public TestHost start() { return new TestHost(this); }

    SettableMachine machine() { return new SettableMachine(start, zone); }

    Server.State state() { return state; }

    Duration patience() { return patience; }

    boolean database() { return database; }

    Map<String, String> settings() { return Map.copyOf(settings); }
}
