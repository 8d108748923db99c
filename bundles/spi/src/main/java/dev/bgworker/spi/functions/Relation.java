package dev.bgworker.spi.functions;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The columns of a view, and rows for them made a result of the engine's own, which a function returns as a table. A value.
 *
 * @param columns name and SQL type of each
 */
record Relation(List<String> columns) {

    /** The engine asks for the columns alone, when it compiles a view and nobody calls. */
    private static final String COLUMNS_ONLY = "jdbc:columnlist:connection";

    static Relation of(String... columns) { return new Relation(List.of(columns)); }

    ResultSet rows(Connection connection, Supplier<List<Object[]>> rows) throws SQLException {
        List<Object[]> found = connection.getMetaData().getURL().equals(COLUMNS_ONLY) ? List.of() : rows.get();
        PreparedStatement statement = connection.prepareStatement(columns.stream().map(column -> column + " = ?")
                .collect(Collectors.joining(", ", "SELECT * FROM TABLE(", ")")));
        statement.closeOnCompletion();
        for (int i = 0; i < columns.size(); i++) {
            int column = i;
            statement.setObject(i + 1, found.stream().map(row -> value(row[column])).toArray());
        }
        return statement.executeQuery();
    }

    private static Object value(Object value) {
        return value instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : value;
    }
}
