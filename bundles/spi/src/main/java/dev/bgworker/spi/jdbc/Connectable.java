package dev.bgworker.spi.jdbc;

import java.util.Set;

/**
 * The databases that clients can connect to. A value.
 *
 * @param readOnly whether all they can do is read, since the server is not yet RECOVERY_FINISHED
 */
public record Connectable(Set<String> databases, boolean readOnly) {

    /** Before the server is CONSISTENT. */
    public static final Connectable NONE = new Connectable(Set.of(), true);

    public Connectable {
        databases = Set.copyOf(databases);
    }
}
