package dev.bgworker.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.SpiResult.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutedTest {

    /** Columns of these names and types, and rows. */
    record Result(Code code, long processed, String[] names, String[] types, Object[]... rows) implements SpiResult {

        @Override
        public int numvals() { return rows.length; }

        @Override
        public int natts() { return names.length; }

        @Override
        public int fnumber(String column) { throw new UnsupportedOperationException(); }

        @Override
        public String fname(int column) { return names[column - 1]; }

        @Override
        public String gettype(int column) { return types[column - 1]; }

        @Override
        public <T> T get(int row, int column, Class<T> type) {
            Object value = rows[row][column - 1];
            return type.cast(type == String.class && value != null ? value.toString() : value);
        }
    }

    static Result selected(Object[]... rows) {
        return new Result(Code.OK_SELECT, rows.length, new String[]{"id", "name"}, new String[]{"int4", "varchar"}, rows);
    }

    @Test
    void rowsAreAlignedAndNullIsNoEmptyText() {
        assertThat(Executed
                .of("SELECT", selected(new Object[]{1, ""}, new Object[]{10, null}, new Object[]{2, "a\nb\u001b"}), 0)
                .text()).isEqualTo("""
                        id  name
                        1   \

                        10  NULL
                        2   a\\nb\\u001b
                        (3 rows)""");
        assertThat(Executed.of("SELECT", selected(new Object[]{1, "a"}), 0).text()).endsWith("(1 row)");
    }

    @Test
    void moreRowsThanTheLimitAreCutWithANote() {
        Executed executed = Executed.of("SELECT", selected(new Object[]{1, "a"}, new Object[]{2, "b"}), 1);

        assertThat(executed.text()).isEqualTo("id  name\n1   a\n(the first 1 rows; --limit 0 gives all)");
        assertThat(Executed.of("SELECT", selected(new Object[]{1, "a"}), 1).text()).endsWith("(1 row)");
    }

    @Test
    void jsonKeepsTypesNullsAndColumnsOfOneName() {
        Result twice = new Result(Code.OK_SELECT, 1, new String[]{"a", "a"}, new String[]{"float8", "varchar"},
                new Object[]{Double.NaN, null});

        assertThat(Executed.of("SELECT", selected(new Object[]{1, "1"}), 0).json())
                .isEqualTo("[{\"id\": 1, \"name\": \"1\"}]");
        assertThat(Executed.of("SELECT", twice, 0).json()).isEqualTo("[{\"a\": \"NaN\", \"a_2\": null}]");
        assertThat(Executed.of("DROP TABLE t", new Result(Code.OK_UTILITY, 0, new String[0], new String[0]), 0).json())
                .isEqualTo("{\"command\": \"DROP TABLE\"}");
    }

    @ParameterizedTest
    @CsvSource({"insert into t values (1), OK_INSERT, 3, INSERT 0 3", "UPDATE t SET a = 1, OK_UPDATE, 2, UPDATE 2",
            "delete from t, OK_DELETE, 0, DELETE 0", "MERGE INTO t, OK_MERGE, 1, MERGE 1",
            "create  table t (a int), OK_UTILITY, 0, CREATE TABLE", "CREATE OR REPLACE VIEW v, OK_UTILITY, 0, CREATE VIEW",
            "Drop Database d, OK_UTILITY, 0, DROP DATABASE", "notify c, OK_UTILITY, 0, NOTIFY",
            "ANALYZE, OK_UTILITY, 0, ANALYZE"})
    void whatReturnsNoRowsIsToldByItsTag(String sql, Code code, long processed, String tag) {
        assertThat(Executed.of(sql, new Result(code, processed, new String[0], new String[0]), 0).text()).isEqualTo(tag);
    }

    @Test
    void misuseThatSpiTellsByACodeIsAFailure() {
        assertThatThrownBy(
                () -> Executed.of("BEGIN", new Result(Code.ERROR_TRANSACTION, 0, new String[0], new String[0]), 0))
                .isInstanceOf(CommandFailure.class).hasMessageContaining("transaction control")
                .hasMessageContaining("a transaction of its own");
    }
}
