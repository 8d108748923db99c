package dev.bgworker.api.spi;

/**
 * Where to connect: a database by name, as the superuser of initdb. A value.
 *
 * @param database its name
 */
public record ConnectTo(String database) {

    /** That database, as superuser. */
    public static ConnectTo database(String name) { return new ConnectTo(name); }
}
