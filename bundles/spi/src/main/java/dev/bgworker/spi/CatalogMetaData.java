package dev.bgworker.spi;

import dev.bgworker.spi.engine.Inside;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.sql.rowset.CachedRowSet;
import javax.sql.rowset.RowSetProvider;

/**
 * Catalog look-ups of one session, kept until the schema changes: {@code syscache}. Results are disconnected copies, each
 * caller's with a position of its own. Owner thread only.
 */
final class CatalogMetaData implements InvocationHandler {

    /** How the engine is entered, errors mapped as for any statement. */
    @FunctionalInterface
    interface Gate {
        <T> T run(Inside.Call<T> call) throws SQLException;
    }

    static final int SIZE = 64;

    private static final Set<String> KEPT = Set.of("getSchemas", "getTables", "getColumns", "getTypeInfo", "getIndexInfo",
            "getPrimaryKeys", "getImportedKeys", "getExportedKeys", "getTableTypes", "getCatalogs");

    private final DatabaseMetaData plain;
    private final LongSupplier schemaVersion;
    private final Gate gate;
    // The least recently used one is forgotten.
    private final Map<List<Object>, CachedRowSet> kept = new LinkedHashMap<>(SIZE, 0.75f, true);
    // Owner thread only: what the kept ones were read under.
    private long version;

    private CatalogMetaData(DatabaseMetaData plain, LongSupplier schemaVersion, Gate gate) {
        this.plain = plain;
        this.schemaVersion = schemaVersion;
        this.gate = gate;
        this.version = schemaVersion.getAsLong();
    }

    /** That metadata with its look-ups kept; the counter moves with each DDL of any session of the database. */
    static DatabaseMetaData cached(DatabaseMetaData plain, LongSupplier schemaVersion, Gate gate) {
        return (DatabaseMetaData) Proxy.newProxyInstance(CatalogMetaData.class.getClassLoader(),
                new Class<?>[]{DatabaseMetaData.class}, new CatalogMetaData(plain, schemaVersion, gate));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
        if (method.getDeclaringClass() == Object.class || !KEPT.contains(method.getName())) {
            return gate.run(() -> call(method, args));
        }
        long now = schemaVersion.getAsLong();
        if (now != version) {
            kept.clear();
            version = now;
        }
        List<Object> key = key(method, args);
        CachedRowSet known = kept.get(key);
        if (known == null) {
            known = gate.run(() -> read(method, args));
            kept.put(key, known);
            if (kept.size() > SIZE) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
        return LookUp.of((CachedRowSet) known.createShared());
    }

    private static List<Object> key(Method method, Object[] args) {
        Object[] key = new Object[args == null ? 1 : args.length + 1];
        key[0] = method.getName();
        for (int i = 1; i < key.length; i++) {
            key[i] = args[i - 1] instanceof Object[] array ? Arrays.asList(array.clone()) : args[i - 1];
        }
        return Arrays.asList(key);
    }

    private CachedRowSet read(Method method, Object[] args) throws SQLException {
        try (ResultSet found = (ResultSet) call(method, args)) {
            CachedRowSet copy = RowSetProvider.newFactory().createCachedRowSet();
            copy.setReadOnly(true);
            copy.populate(found);
            return copy;
        }
    }

    private Object call(Method method, Object[] args) throws SQLException {
        try {
            return method.invoke(plain, args);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SQLException sql) {
                throw sql;
            } else if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            } else if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new SQLException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new SQLException(e);
        }
    }
}
