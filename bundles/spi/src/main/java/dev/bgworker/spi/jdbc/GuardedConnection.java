package dev.bgworker.spi.jdbc;

import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.sql.Command;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.ClientInfoStatus;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.UnaryOperator;

import static dev.bgworker.api.process.ErrorData.errcode;

/** A connection: what concerns the transaction goes to its control, statements are classified, the rest is guarded. */
public final class GuardedConnection extends Guarded {

    private static final String APPLICATION_NAME = "ApplicationName";

    private final Control control;
    private final UnaryOperator<DatabaseMetaData> catalog;
    // By who calls the connection, one at a time: what is to be closed with it, unless nobody has it any more.
    private final Set<Statement> open = Collections.newSetFromMap(new WeakHashMap<>());

    /** @param catalog put in front of the engine's metadata, for what need not be looked up again */
    public GuardedConnection(Guard guard, Control control, UnaryOperator<DatabaseMetaData> catalog) {
        super(guard, guard.raw());
        this.control = control;
        this.catalog = catalog;
    }

    /** What the caller gets. */
    public Connection proxy() { return proxy(Connection.class); }

    /** The end of the transaction, inside the gate; a statement that cannot be closed any more went with its session. */
    public void closeStatements() throws SQLException {
        for (Statement each : Set.copyOf(open)) {
            each.close();
        }
        open.clear();
    }

    @Override
    Object called(Object proxy, Method method, Object[] args) throws SQLException {
        return switch (method.getName()) {
            case "createStatement" -> statement(proxy, method, args, null);
            case "prepareStatement", "prepareCall" ->
                statement(proxy, method, args, StatementText.parse(guard(), (String) args[0]));
            case "getMetaData" -> new GuardedValue(guard(),
                    guard().local(() -> catalog.apply(guard().raw().getMetaData())), proxy).proxy(DatabaseMetaData.class);
            case "getHoldability" -> ResultSet.CLOSE_CURSORS_AT_COMMIT;
            case "setHoldability" -> holdability((Integer) args[0]);
            case "setSchema", "setCatalog" -> throw guard().refuse(errcode("42501", "permission denied to set the schema")
                    .errdetail("The settings of a session and its user are the host's.")
                    .errhint("Qualify names with their schema."));
            case "getNetworkTimeout" -> 0;
            case "setNetworkTimeout" -> throw guard().refuse(errcode("0A000", "there is no network to wait for")
                    .errhint("Set statement_timeout, or Statement.setQueryTimeout."));
            case "setClientInfo" -> clientInfo(args);
            case "getClientInfo" -> args == null ? new Properties() : null;
            case "beginRequest", "endRequest" -> null;
            case "getAutoCommit", "setAutoCommit", "commit", "rollback", "setSavepoint", "releaseSavepoint", "close",
                    "isClosed", "isValid", "abort", "getTransactionIsolation", "setTransactionIsolation", "isReadOnly",
                    "setReadOnly" ->
                control(method.getName(), args == null ? null : args[0]);
            default -> guarded(guard().local(onRaw(method, args)), proxy);
        };
    }

    private Object control(String call, Object argument) throws SQLException {
        switch (call) {
            case "getAutoCommit" -> {
                return control.autoCommit();
            }
            case "getTransactionIsolation" -> {
                return control.isolation();
            }
            case "isReadOnly" -> {
                return control.readOnly();
            }
            case "isClosed" -> {
                return guard().over();
            }
            case "isValid" -> {
                return !guard().over();
            }
            case "setSavepoint" -> {
                return control.savepoint((String) argument);
            }
            case "setAutoCommit" -> control.autoCommit((Boolean) argument);
            case "setTransactionIsolation" -> control.isolation((Integer) argument);
            case "setReadOnly" -> control.readOnly((Boolean) argument);
            case "commit" -> control.commit();
            case "releaseSavepoint" -> control.release((Savepoint) argument);
            case "close" -> control.close();
            case "abort" -> control.abort();
            case "rollback" -> {
                if (argument == null) {
                    control.rollback();
                } else {
                    control.rollback((Savepoint) argument);
                }
            }
            default -> throw new IllegalArgumentException(call);
        }
        return null;
    }

    private Object statement(Object proxy, Method method, Object[] args, Command command) throws SQLException {
        Object[] classified = args;
        if (command != null) {
            classified = args.clone();
            classified[0] = command.sql();
        }
        Inside.Call<Object> make = onRaw(method, classified);
        Class<?>[] types = method.getParameterTypes();
        int options = command == null ? 0 : 1;
        if (types.length >= options + 2 && types[options] == int.class) {
            checkConcurrency((Integer) args[options + 1]);
        }
        if (types.length >= options + 3) {
            holdability((Integer) args[options + 2]);
        }
        Statement made = (Statement) (command == null
                ? guard().local(make)
                : guard().prepare(make));
        guard().local(() -> open.add(made));
        GuardedStatement guarded = new GuardedStatement(guard(), (Connection) proxy, made, command);
        return made instanceof CallableStatement && command != null
                ? guarded.proxy(CallableStatement.class)
                : made instanceof PreparedStatement
                        ? guarded.proxy(PreparedStatement.class)
                        : guarded.proxy(Statement.class);
    }

    private void checkConcurrency(int concurrency) throws SQLException {
        if (concurrency != ResultSet.CONCUR_READ_ONLY) {
            throw guard().refuse(errcode("0A000", "results cannot be updated").errhint("Execute an UPDATE."));
        }
    }

    private Object holdability(int wanted) throws SQLException {
        if (wanted != ResultSet.CLOSE_CURSORS_AT_COMMIT) {
            throw guard().refuse(errcode("0A000", "results are not held over a commit"));
        }
        return null;
    }

    private Object clientInfo(Object[] args) throws SQLException {
        if (args.length == 2 && APPLICATION_NAME.equals(args[0])) {
            control.applicationName(Objects.requireNonNullElse((String) args[1], ""));
            return null;
        } else if (args.length == 1 && args[0] instanceof Properties all
                && all.stringPropertyNames().equals(Set.of(APPLICATION_NAME))) {
            control.applicationName(all.getProperty(APPLICATION_NAME));
            return null;
        }
        throw new SQLClientInfoException("there is no client info but " + APPLICATION_NAME, "0A000",
                Map.of(String.valueOf(args[0]), ClientInfoStatus.REASON_UNKNOWN_PROPERTY));
    }
}
