package dev.bgworker.spi.engine;

import dev.bgworker.spi.engine.Tuples.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;

/**
 * The columns of what one statement returns, which the engine is asked for when they may be others than the last time: after
 * DDL, and for values of other types, which decide on the type of an expression. Owner thread only.
 */
final class ResultColumns {

    private static final Column[] UNKNOWN = {};
    private static final Class<?>[] NO_VALUES = {};
    // One type of the engine's each, whatever the value.
    private static final Set<Class<?>> OF_ONE_TYPE = Set.of(Integer.class, Long.class, String.class, Boolean.class,
            Double.class);

    private final SessionSchema schema;
    // All three, owner thread only: the schema and the types of the values that the columns are those of.
    private Column[] columns = UNKNOWN;
    private long version = SchemaVersion.CHANGING;
    private Class<?>[] types = NO_VALUES;

    ResultColumns(SessionSchema schema) { this.schema = schema; }

    /**
     * Inside the engine, after the execution: DDL that began before its end has moved the schema by now.
     *
     * @param before the schema's version before the execution
     * @param args the values from {@code first} on, {@code count} of them
     */
    Column[] of(ResultSet result, long before, Object[] args, int first, int count) throws SQLException {
        if (version == SchemaVersion.CHANGING || version != schema.settled() || !sameTypes(args, first, count)) {
            columns = Tuples.columns(result.getMetaData(), columns);
            version = note(args, first, count) ? before : SchemaVersion.CHANGING;
        }
        return columns;
    }

    private boolean sameTypes(Object[] args, int first, int count) {
        for (int i = 0; i < count; i++) {
            if (args[first + i] == null || args[first + i].getClass() != types[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the types say all that the values have to say of the columns. */
    private boolean note(Object[] args, int first, int count) {
        types = types.length == count ? types : new Class<?>[count];
        for (int i = 0; i < count; i++) {
            if (args[first + i] == null || !OF_ONE_TYPE.contains(args[first + i].getClass())) {
                return false;
            }
            types[i] = args[first + i].getClass();
        }
        return true;
    }
}
