package dev.bgworker.spi.engine;

import dev.bgworker.spi.sql.Command;
import java.util.Locale;

/** The schema as one session sees it: the database's, and temporary tables of its own. Owner thread only. */
public final class SessionSchema {

    private final SchemaVersion database;
    // Owner thread only. A temporary table may hide a view of schema bgw, and go with a commit, which nobody counts.
    private boolean temporary;
    // Written by the owner alone; whoever ends the session reads it.
    private volatile boolean changed;

    public SessionSchema(SchemaVersion database) { this.database = database; }

    /** As {@link SchemaVersion#settled}. */
    long settled() {
        return temporary ? SchemaVersion.CHANGING : database.settled();
    }

    /** Whether any DDL has run in this session. */
    boolean changed() { return changed; }

    /** That DDL is about to run in this session. */
    void runs(Command ddl) {
        changed = true;
        temporary |= ddl.sql().toUpperCase(Locale.ROOT).contains("TEMP");
    }
}
