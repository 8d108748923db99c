package dev.bgworker.spi;

import dev.bgworker.spi.engine.Inside;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Catalog look-ups, and how often the engine is asked. */
class CatalogMetaDataTest {

    private final AtomicLong version = new AtomicLong();
    private Connection connection;
    private DatabaseMetaData catalog;
    private int asked;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:h2:mem:;DATABASE_TO_LOWER=TRUE");
        run("CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR)");
        catalog = CatalogMetaData.cached(connection.getMetaData(), version::get, this::gate);
    }

    @AfterEach
    void close() throws SQLException { connection.close(); }

    private <T> T gate(Inside.Call<T> call) throws SQLException {
        asked++;
        return call.run();
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> columns(String table) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet found = catalog.getColumns(null, "public", table, null)) {
            while (found.next()) {
                names.add(found.getString("COLUMN_NAME"));
            }
        }
        return names;
    }

    @Test
    void aLookUpAsksTheEngineOnceUntilTheSchemaChanges() throws SQLException {
        assertThat(columns("t")).containsExactly("a", "b");
        assertThat(columns("t")).containsExactly("a", "b");
        assertThat(asked).isEqualTo(1);
        assertThat(columns("u")).isEmpty();
        assertThat(asked).isEqualTo(2);
        run("ALTER TABLE t ADD COLUMN c INT");
        assertThat(columns("t")).containsExactly("a", "b");
        version.incrementAndGet();
        assertThat(columns("t")).containsExactly("a", "b", "c");
    }

    @Test
    void eachCallerHasAPositionOfItsOwn() throws SQLException {
        try (ResultSet one = catalog.getTables(null, "public", null, null);
                ResultSet two = catalog.getTables(null, "public", null, null)) {
            assertThat(one.next()).isTrue();
            assertThat(one.getString("TABLE_NAME")).isEqualTo("t");
            assertThat(one.next()).isFalse();
            assertThat(two.next()).isTrue();
            assertThat(two.getString("TABLE_NAME")).isEqualTo("t");
        }
    }

    @Test
    void allLookUpsOfTheSeedAreThere() throws SQLException {
        assertFound(catalog.getSchemas());
        assertFound(catalog.getTypeInfo());
        assertFound(catalog.getIndexInfo(null, "public", "t", false, false));
        assertFound(catalog.getPrimaryKeys(null, "public", "t"));
    }

    private static void assertFound(ResultSet rows) throws SQLException {
        try (rows) {
            assertThat(rows.next()).isTrue();
        }
    }

    @Test
    void whatIsNoLookUpGoesToTheEngineAndItsErrorsComeOut() throws SQLException {
        assertThat(catalog.getDatabaseProductName()).isEqualTo("H2");
        assertThat(asked).isEqualTo(1);
        connection.close();
        assertThatThrownBy(() -> catalog.getSchemas()).isInstanceOf(SQLException.class);
    }

    @Test
    void theLookUpThatWasNotUsedForLongestIsForgotten() throws SQLException {
        columns("t");
        for (int i = 0; i < CatalogMetaData.SIZE; i++) {
            columns("t");
            columns("u" + i);
        }
        assertThat(asked).isEqualTo(1 + CatalogMetaData.SIZE);
        columns("t");
        assertThat(asked).as("one that is used again and again").isEqualTo(1 + CatalogMetaData.SIZE);
        columns("u0");
        assertThat(asked).as("the one used last so long ago").isEqualTo(2 + CatalogMetaData.SIZE);
    }
}
