package dev.bgworker.spi.jdbc;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/** What a guarded connection or statement hands out: results, metadata, large objects. */
final class GuardedValue extends Guarded {

    private static final Set<String> STEPS = Set.of("next", "previous", "first", "last", "absolute", "relative",
            "beforeFirst", "afterLast", "insertRow", "updateRow", "deleteRow", "refreshRow");

    private final Object from;

    GuardedValue(Guard guard, Object raw, Object from) {
        super(guard, raw);
        this.from = from;
    }

    @Override
    Object called(Object proxy, Method method, Object[] args) throws SQLException {
        String name = method.getName();
        if (guard().over() && (name.equals("close") || name.equals("free"))) {
            return null;
        } else if (guard().over() && name.equals("isClosed")) {
            return true;
        } else if (raw() instanceof ResultSet) {
            return ofResult(proxy, method, args);
        } else if (raw() instanceof DatabaseMetaData) {
            return ofMetaData(proxy, method, args);
        }
        return guarded(guard().local(onRaw(method, args)), proxy);
    }

    private Object ofResult(Object proxy, Method method, Object[] args) throws SQLException {
        if (method.getName().equals("getStatement")) {
            return from instanceof Statement ? from : null;
        }
        return guarded(STEPS.contains(method.getName())
                ? guard().fetch(onRaw(method, args))
                : guard().local(onRaw(method, args)), proxy);
    }

    private Object ofMetaData(Object proxy, Method method, Object[] args) throws SQLException {
        if (method.getReturnType() == Connection.class) {
            return from;
        }
        return guarded(method.getReturnType() == ResultSet.class
                ? guard().lookUp(onRaw(method, args))
                : guard().local(onRaw(method, args)), proxy);
    }
}
