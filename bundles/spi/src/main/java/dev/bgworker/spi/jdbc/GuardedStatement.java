package dev.bgworker.spi.jdbc;

import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.sql.Command;
import java.lang.reflect.Method;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static dev.bgworker.api.process.ErrorData.errcode;

/** A statement, plain, prepared or callable. */
final class GuardedStatement extends Guarded {

    /** One entry of a batch: a statement of its own, or values for the prepared one. */
    private record Entry(Command command, List<Arguments.Setter> values) {}

    private final Connection connection;
    private final Statement statement;
    private final Command prepared;
    private final Arguments arguments = new Arguments();
    private final QueryTimeout timeout;
    // Whoever calls the statement: one at a time, by its guard.
    private final List<Entry> batch = new ArrayList<>();

    /** Of that guarded connection; {@code prepared} is null for a plain statement. */
    GuardedStatement(Guard guard, Connection connection, Statement raw, Command prepared) {
        super(guard, raw);
        this.connection = connection;
        this.statement = raw;
        this.prepared = prepared;
        this.timeout = new QueryTimeout(raw);
    }

    @Override
    Object called(Object proxy, Method method, Object[] args) throws SQLException {
        boolean ofPrepared = PreparedStatement.class.isAssignableFrom(method.getDeclaringClass());
        if (ofPrepared && method.getName().startsWith("set") && args != null && args.length > 1) {
            guard().local(() -> {
                arguments.set(method, args);
                return null;
            });
            return null;
        }
        return switch (method.getName()) {
            case "execute", "executeQuery", "executeUpdate", "executeLargeUpdate" -> guarded(execute(method, args), proxy);
            case "addBatch" ->
                addBatch(args == null ? prepared : StatementText.parse(guard(), (String) args[0]), args == null);
            case "clearBatch" -> guard().local(() -> {
                batch.clear();
                return null;
            });
            case "clearParameters" -> guard().local(() -> {
                arguments.clear();
                return invokeRaw(method, args);
            });
            case "executeBatch" -> Arrays.stream(executeBatch()).mapToInt(count -> (int) count).toArray();
            case "executeLargeBatch" -> executeBatch();
            case "setQueryTimeout" -> setQueryTimeout((Integer) args[0]);
            case "getQueryTimeout" -> guard().local(timeout::seconds);
            case "cancel" -> cancel();
            case "getConnection" -> connection;
            case "close" -> guard().over() ? null : guard().local(onRaw(method, args));
            case "isClosed" -> guard().over() || (Boolean) guard().local(onRaw(method, args));
            default -> guarded(guard().local(onRaw(method, args)), proxy);
        };
    }

    private Object addBatch(Command command, boolean values) throws SQLException {
        return guard().local(() -> {
            batch.add(new Entry(command, values ? arguments.entry() : List.of()));
            return null;
        });
    }

    private Object execute(Method method, Object[] args) throws SQLException {
        Command command = args == null ? prepared : StatementText.parse(guard(), (String) args[0]);
        if (command == null) {
            throw guard().refuse(errcode("07001", method.getName() + " needs the text of a statement"));
        }
        if (method.getReturnType() != ResultSet.class && command.parameters() == 0 && guard().own(command)) {
            return nothing(method.getReturnType());
        }
        Object[] classified = args == null ? null : args.clone();
        if (classified != null) {
            classified[0] = command.sql();
        }
        List<Arguments.Setter> values = new ArrayList<>(arguments.take());
        return run(command, () -> {
            bind(values);
            return invokeRaw(method, classified);
        });
    }

    /** No rows, none changed. */
    private static Object nothing(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        return type == int.class ? (Object) 0 : (Object) 0L;
    }

    private <T> T run(Command command, Inside.Call<T> call) throws SQLException {
        try (QueryTimeout.Run run = timeout.begin()) {
            return guard().execute(command, statement, () -> {
                run.check();
                return call.run();
            });
        }
    }

    /** Once: a statement that is run again after a slice of a lock wait finds them bound. */
    private void bind(List<Arguments.Setter> values) throws SQLException {
        for (Arguments.Setter each : values) {
            invokeRaw(each.method(), each.args());
        }
        values.clear();
    }

    /** One by one, since the engine's own batch goes on behind an entry that failed and cannot be run again. */
    private long[] executeBatch() throws SQLException {
        return guard().together(() -> {
            List<Entry> entries = List.copyOf(batch);
            batch.clear();
            long[] counts = new long[entries.size()];
            for (int i = 0; i < counts.length; i++) {
                try {
                    counts[i] = execute(entries.get(i));
                } catch (SQLException e) {
                    throw failed(e, Arrays.copyOf(counts, i));
                }
            }
            return counts;
        });
    }

    private static BatchUpdateException failed(SQLException e, long[] done) {
        BatchUpdateException failed = new BatchUpdateException(e.getMessage(), e.getSQLState(), e.getErrorCode(), done, e);
        failed.setNextException(e);
        return failed;
    }

    private long execute(Entry entry) throws SQLException {
        List<Arguments.Setter> values = new ArrayList<>(entry.values());
        return run(entry.command(), () -> {
            bind(values);
            return statement instanceof PreparedStatement whole && entry.command() == prepared
                    ? whole.executeLargeUpdate()
                    : statement.executeLargeUpdate(entry.command().sql());
        });
    }

    private Object setQueryTimeout(int seconds) throws SQLException {
        if (seconds < 0) {
            throw guard().refuse(errcode("22023", seconds + " seconds are no query timeout"));
        }
        return guard().local(() -> {
            timeout.seconds(seconds);
            return null;
        });
    }

    /** From any thread. */
    private Object cancel() {
        timeout.cancel();
        return null;
    }
}
