package dev.bgworker.spi.cluster;

/** Databases in memory, gone when closed; for tests. The prefix keeps hosts of one JVM apart. */
public record MemoryStorage(String prefix) implements Storage {

    @Override
    public String place(String database) { return "mem:" + prefix + "/" + database; }

    @Override
    public Admin admin(String database) { return new Admin(Passwords.random(), false); }

    @Override
    public void created(String database) {
        // Memory keeps nothing, so there is nothing to keep a password for.
    }

    @Override
    public void drop(String database) {
        // It was gone when it was closed.
    }
}
