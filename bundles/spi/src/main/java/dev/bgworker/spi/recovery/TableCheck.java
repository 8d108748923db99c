package dev.bgworker.spi.recovery;

import dev.bgworker.spi.engine.Inspection;
import dev.bgworker.spi.engine.Inspection.Index;
import dev.bgworker.spi.engine.Inspection.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One table as one connection sees it: what a scan of it gives must be what a scan of each index gives. The checking thread
 * only.
 */
final class TableCheck {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Inspection inspection;
    private final Table table;
    private final Progress progress;

    TableCheck(Inspection inspection, Table table, Progress progress) {
        this.inspection = inspection;
        this.table = table;
        this.progress = progress;
    }

    /** The whole rows. Adds to the faults what an index has otherwise. */
    Fingerprint run(Connection view, List<String> faults) throws SQLException {
        Fingerprint whole = new Fingerprint();
        List<Fingerprint> expected = new ArrayList<>();
        List<int[]> columns = new ArrayList<>();
        for (Index index : table.indexes()) {
            expected.add(new Fingerprint());
            columns.add(index.columns().stream().mapToInt(name -> table.columns().indexOf(name) + 2).toArray());
        }
        int[] all = upTo(table.columns().size());
        read(view, inspection.scan(table), row -> {
            whole.add(row, all);
            for (int i = 0; i < columns.size(); i++) {
                expected.get(i).add(row, columns.get(i));
            }
        });
        for (int i = 0; i < columns.size(); i++) {
            compare(view, table.indexes().get(i), expected.get(i), faults);
        }
        return whole;
    }

    private void compare(Connection view, Index index, Fingerprint expected, List<String> faults) throws SQLException {
        if (!inspection.uses(view, table, index)) {
            LOG.warn("index \"{}\" of table {} is not checked: it cannot be read as a whole", index.name(), table);
            return;
        }
        Fingerprint found = new Fingerprint();
        int[] columns = upTo(index.columns().size());
        try {
            read(view, inspection.scan(table, index), row -> found.add(row, columns));
        } catch (SQLException e) {
            faults.add("index \"" + index.name() + "\" of table " + table + " cannot be read: " + e.getMessage());
            return;
        }
        if (found.rows() != expected.rows()) {
            faults.add("index \"" + index.name() + "\" of table " + table + " has " + found.rows() + " entries for "
                    + expected.rows() + " rows");
        } else if (!found.same(expected)) {
            faults.add("index \"" + index.name() + "\" of table " + table + " has entries that are not those of its rows");
        }
    }

    @FunctionalInterface
    private interface EachRow {
        void take(ResultSet row) throws SQLException;
    }

    private void read(Connection view, String sql, EachRow each) throws SQLException {
        try (Statement statement = view.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                each.take(rows);
                progress.row();
            }
        }
    }

    /** Columns 2 to that many more. */
    private static int[] upTo(int count) {
        int[] columns = new int[count];
        for (int i = 0; i < count; i++) {
            columns[i] = i + 2;
        }
        return columns;
    }
}
