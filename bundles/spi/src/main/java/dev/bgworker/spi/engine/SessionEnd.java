package dev.bgworker.spi.engine;

import java.sql.SQLException;

/** What becomes of the engine's session when its process has no more use for it. Once, on any thread, inside the engine. */
@FunctionalInterface
public interface SessionEnd {

    /** @param changedSchema whether it ran DDL, well or not; what that made may need the session as long as it is there */
    Void end(boolean changedSchema) throws SQLException;
}
