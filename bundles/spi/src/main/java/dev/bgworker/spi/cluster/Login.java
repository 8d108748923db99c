package dev.bgworker.spi.cluster;

/** A user of the engine: a role in one database. A value. */
record Login(String role, Right right) {

    /** What the engine lets it do by itself; the rest is granted in SQL. */
    enum Right {
        /** Nothing. */
        NONE,
        /** DDL, and whatever DDL could give it. */
        CREATE,
        /** Read what is in schema public. */
        READ_PUBLIC
    }
}
