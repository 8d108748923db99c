package dev.bgworker.supervisor.process;

import dev.bgworker.api.control.Server.WaitEventRow;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * {@code wait_event.c}: the names of the host's own waits, and those that authors gave theirs ({@code
 * WaitEventExtensionNew}), few and short (R223). Thread-safe.
 */
final class WaitEventNames {

    static final String EXTENSION = "Extension";

    private static final int MAX_BYTES = 63;
    private static final int MAX_NAMES = 127;
    /** {@code wait_event_names.txt}: those of the host, supervisor, ipc and spi, in PostgreSQL's words. */
    private static final List<WaitEventRow> HOST = List.of(
            host("IPC", "BackendTermination", "for the termination of another process"),
            host("IPC", "BgWorkerShutdown", "for background worker to shut down"),
            host("IPC", "BgWorkerStartup", "for background worker to start up"),
            host("IPC", "DSMRegistry", "for whoever initialises an entry of the registry of shared memory"),
            host("IPC", "MessageQueueInternal", "for other process to be attached to a shared message queue"),
            host("IPC", "MessageQueueReceive", "to receive bytes from a shared message queue"),
            host("IPC", "MessageQueueSend", "to send bytes to a shared message queue"),
            host("IPC", "ProcSignalBarrier", "for a barrier event to be processed by all processes"),
            host("Lock", "advisory", "to acquire a named lock"),
            host("Lock", "transactionid", "for a transaction to finish that has locked a row"),
            host("Timeout", "PgSleep", "due to a call to pg_sleep"));

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    private static WaitEventRow host(String type, String name, String what) {
        return new WaitEventRow(type, name, "Waiting " + what);
    }

    void check(String name) {
        if (known.contains(name)) {
            return;
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_BYTES) {
            throw Errors.error("22023", "invalid wait event name \"" + name + "\" of " + bytes + " bytes",
                    "A wait event's name has 1 to " + MAX_BYTES + " bytes of UTF-8.");
        }
        HOST.stream().filter(row -> row.name().equals(name)).findFirst().ifPresent(row -> {
            throw Errors.error("42710", "wait event \"" + name + "\" already exists in type \"" + row.type() + "\"",
                    "Name yours after what it waits for.");
        });
        synchronized (known) {
            if (known.size() >= MAX_NAMES && !known.contains(name)) {
                throw Errors.error("54000", "too many custom wait events",
                        "There can be " + MAX_NAMES + " names; use a fixed name for each place that waits.");
            }
            known.add(name);
        }
    }

    /** By type and name. */
    List<WaitEventRow> rows() {
        return Stream.concat(known.stream().map(name -> new WaitEventRow(EXTENSION, name, "Waiting for custom wait event \""
                + name + "\" defined by a library")), HOST.stream())
                .sorted(Comparator.comparing(WaitEventRow::type).thenComparing(WaitEventRow::name)).toList();
    }
}
