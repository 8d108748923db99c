package dev.bgworker.spi;

import dev.bgworker.api.control.Server.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.h2.engine.SessionLocal;
import org.h2.index.Index;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.result.Row;
import org.h2.table.Table;

/** What a kill may leave in a store, made on purpose, by the engine's own means. */
final class StoreDamage {

    private StoreDamage() {}

    static Path file(Path data) { return data.resolve("base/postgres.mv.db"); }

    /** ADMIN, past spi. */
    static Connection admin(Path data) throws SQLException, IOException {
        return DriverManager.getConnection("jdbc:h2:async:" + data.toAbsolutePath().resolve("base/postgres")
                + ";IFEXISTS=TRUE;LOCK_TIMEOUT=100", "ADMIN", Files.readString(data.resolve("control/postgres")));
    }

    static void run(Connection admin, String sql) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * Leaves what the transaction that is open wrote, as rows and keys of nobody: the store is copied with them, then the
     * host is gone without a checkpoint, then the copy loses the log by which the engine would undo them.
     */
    static void transactionWithoutUndoLog(TestHost host, Path data) throws Exception {
        Path copy = data.resolve("copy.mv.db");
        try (Connection admin = admin(data)) {
            run(admin, "CHECKPOINT SYNC");
            Files.copy(file(data), copy);
        }
        host.provider().enter(State.IMMEDIATE_SHUTDOWN);
        try (MVStore store = MVStore.open(copy.toString())) {
            List.copyOf(store.getMapNames()).stream().filter(map -> map.startsWith("undoLog")).forEach(store::removeMap);
        }
        Files.move(copy, file(data), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Takes the entry of one row out of an index, in a store that is open. */
    static void removeFromIndex(Path data, String table, String index, long row) throws Exception {
        inIndex(data, table, index, (session, found, damaged) -> damaged.remove(session, found.getRow(session, row)));
    }

    /** Has the entry of one row say the values of another. */
    static void swapInIndex(Path data, String table, String index, long row, long valuesOf) throws Exception {
        inIndex(data, table, index, (session, found, damaged) -> {
            Row right = found.getRow(session, row);
            damaged.remove(session, right);
            damaged.add(session, Row.get(found.getRow(session, valuesOf).getValueList(), Row.MEMORY_CALCULATE, row));
        });
    }

    private interface Change {
        void make(SessionLocal session, Table table, Index index);
    }

    private static void inIndex(Path data, String table, String index, Change change) throws Exception {
        try (Connection admin = admin(data)) {
            SessionLocal session = (SessionLocal) admin.unwrap(JdbcConnection.class).getSession();
            Table found = session.getDatabase().getSchema("public").findTableOrView(session, table);
            change.make(session, found, found.getIndexes().stream().filter(each -> each.getName().equals(index)).findFirst()
                    .orElseThrow());
            session.commit(false);
        }
    }
}
