package dev.bgworker.spi.recovery;

import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.engine.Inspection;
import dev.bgworker.spi.engine.Inspection.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks for what a kill may leave in a store: an index that is not its table's, and rows or keys that are still marked with a
 * transaction of a process that is dead. Nobody writes meanwhile, so each table must read the same in three views: dirty,
 * which shows what such a transaction wrote, and committed, which hides it. Committed twice, in two transactions that
 * are open at once: the engine uses their numbers again, and to the one that happens to have that of the dead transaction
 * its rows are its own. The checking thread only.
 */
final class DatabaseCheck {

    private final Store store;
    private final Inspection inspection;
    private final Progress progress;

    DatabaseCheck(Store store, Progress progress) {
        this.store = store;
        this.inspection = store.engine().inspection();
        this.progress = progress;
    }

    /** What is wrong, nothing when all is well. */
    List<String> run() throws SQLException {
        return Inside.host(() -> {
            try (Connection one = view(Connection.TRANSACTION_READ_COMMITTED);
                    Connection other = view(Connection.TRANSACTION_READ_COMMITTED);
                    Connection dirty = view(inspection.dirtyIsolation())) {
                List<Table> tables = inspection.tables(one);
                Set<String> faults = new LinkedHashSet<>();
                for (int i = 0; i < tables.size(); i++) {
                    progress.table(store.name(), tables.get(i), i + 1, tables.size());
                    faults.addAll(faults(tables.get(i), List.of(one, other, dirty)));
                }
                return List.copyOf(faults);
            }
        });
    }

    private List<String> faults(Table table, List<Connection> views) {
        List<String> faults = new ArrayList<>();
        List<Fingerprint> seen = new ArrayList<>();
        try {
            for (Connection view : views) {
                seen.add(new TableCheck(inspection, table, progress).run(view, faults));
            }
        } catch (SQLException e) {
            faults.add("table " + table + " cannot be read: " + e.getMessage());
            return faults;
        }
        if (!seen.stream().allMatch(seen.get(0)::same)) {
            faults.add("table " + table + " has rows of a transaction that no longer exists");
        }
        return faults;
    }

    private Connection view(int isolation) throws SQLException {
        Connection view = store.admin();
        try {
            inspection.stream(view);
            view.setTransactionIsolation(isolation);
            view.setAutoCommit(false);
            return view;
        } catch (SQLException e) {
            view.close();
            throw e;
        }
    }
}
