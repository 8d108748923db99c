package dev.bgworker.itests.differential;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * PostgreSQL through plain JDBC. A snapshot at READ COMMITTED is a second session, which its first query fixes at REPEATABLE
 * READ; at REPEATABLE READ it is the transaction's own.
 */
final class PostgresPlayer implements Player {

    private static final String ALREADY_OPEN = "!25001";

    private interface Step {
        void run() throws SQLException;
    }

    private final DataSource source;
    private final Connection main;
    private final Deque<Savepoint> subs = new ArrayDeque<>();
    private final Map<String, Connection> taken = new HashMap<>();
    private final List<Connection> readers = new ArrayList<>();
    private final Deque<Connection> pushed = new ArrayDeque<>();
    private boolean open;
    private boolean repeatable;

    PostgresPlayer(DataSource source) throws SQLException {
        this.source = source;
        this.main = source.getConnection();
    }

    private static String outcome(Step step) {
        try {
            step.run();
            return "";
        } catch (SQLException e) {
            return "!" + e.getSQLState();
        }
    }

    @Override
    public String begin(String... modes) {
        if (open) {
            return ALREADY_OPEN;
        }
        return outcome(() -> {
            repeatable = Arrays.asList(modes).contains("REPEATABLE_READ");
            main.setReadOnly(Arrays.asList(modes).contains("READ_ONLY"));
            main.setTransactionIsolation(
                    repeatable ? Connection.TRANSACTION_REPEATABLE_READ : Connection.TRANSACTION_READ_COMMITTED);
            main.setAutoCommit(false);
            open = true;
        });
    }

    private void over() throws SQLException {
        open = false;
        subs.clear();
        pushed.clear();
        taken.clear();
        for (Connection reader : readers) {
            reader.close();
        }
        readers.clear();
        main.setAutoCommit(true);
        main.setReadOnly(false);
        main.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }

    @Override
    public String commit() {
        return outcome(() -> {
            try {
                main.commit();
            } finally {
                over();
            }
        });
    }

    @Override
    public String abort() {
        return outcome(() -> {
            main.rollback();
            over();
        });
    }

    @Override
    public String sub() { return outcome(() -> subs.push(main.setSavepoint())); }

    @Override
    public String release() { return outcome(() -> main.releaseSavepoint(subs.pop())); }

    @Override
    public String rollback() { return outcome(() -> main.rollback(subs.pop())); }

    @Override
    public String take(String snapshot) {
        return outcome(() -> {
            Connection view = repeatable ? main : source.getConnection();
            if (!repeatable) {
                readers.add(view);
                view.setReadOnly(true);
                view.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                view.setAutoCommit(false);
            }
            try (Statement statement = view.createStatement()) {
                statement.execute("SELECT 1");
            }
            taken.put(snapshot, view);
        });
    }

    @Override
    public String push(String snapshot) {
        String outcome = taken.containsKey(snapshot) ? "" : take(snapshot);
        if (outcome.isEmpty()) {
            pushed.push(taken.get(snapshot));
        }
        return outcome;
    }

    @Override
    public String pop() { return outcome(pushed::pop); }

    @Override
    public String run(String sql, boolean readOnly) {
        try (Statement statement = (readOnly ? pushed.element() : main).createStatement()) {
            if (!statement.execute(sql)) {
                return sql.startsWith("CREATE") ? "" : "#" + statement.getUpdateCount();
            }
            try (ResultSet rows = statement.getResultSet()) {
                return text(rows);
            }
        } catch (SQLException e) {
            return "!" + e.getSQLState();
        }
    }

    private static String text(ResultSet rows) throws SQLException {
        List<String> lines = new ArrayList<>();
        while (rows.next()) {
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                values.add(rows.getString(i));
            }
            lines.add(String.join(", ", values));
        }
        return String.join(" | ", lines);
    }

    @Override
    public void end() {
        if (open) {
            abort();
        }
    }

    @Override
    public void close() { outcome(main::close); }
}
