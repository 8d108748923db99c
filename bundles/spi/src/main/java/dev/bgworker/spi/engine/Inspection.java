package dev.bgworker.spi.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** How the tables of a store are read past what its queries would choose, to compare each index with its table. Stateless. */
public interface Inspection {

    /** An index, with its columns in order, under the names that SQL takes. */
    record Index(String name, List<String> columns) {}

    /** A user's table; its columns are expressions whose text tells one value from another. */
    record Table(String schema, String name, List<String> columns, List<Index> indexes) {

        @Override
        public String toString() { return schema + "." + name; }
    }

    /** A connection of ADMIN's streams what it reads from now on. */
    void stream(Connection admin) throws SQLException;

    /** The level of JDBC at which rows show that nobody has committed. */
    int dirtyIsolation();

    List<Table> tables(Connection admin) throws SQLException;

    /** Number of the row, then its columns, not through any index. */
    String scan(Table table);

    /** Number of the row, then the columns of the index, out of the index alone. */
    String scan(Table table, Index index);

    /** Whether the engine really does it through that index. */
    boolean uses(Connection admin, Table table, Index index) throws SQLException;
}
