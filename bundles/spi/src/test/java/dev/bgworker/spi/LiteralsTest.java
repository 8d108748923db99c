package dev.bgworker.spi;

import dev.bgworker.api.spi.Session;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Literals that PostgreSQL reads and the engine does not. */
class LiteralsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"SELECT $$it's$$ | it's",
            "SELECT $a$ $b$ $$ $a$ | ` $b$ $$ `",
            "SELECT CONCAT($a$x$a$,'y') | xy", "SELECT E'it\\'s' | it's", "SELECT E'a''b' | a'b",
            "SELECT e'\\x41\\101\\u00e9\\q' | AAéq",
            "SELECT E'\\xc3\\xa9' | é", "SELECT E'\\\\n' | \\n", "SELECT '\\n' | \\n", "SELECT 'E''a' | E'a",
            "SELECT U&'\\0041' | A", "SELECT E'😀' | 😀", "SELECT E'\\U0001F600' | 😀"})
    void theyMeanWhatTheyMeanThere(String sql, String expected) {
        try (TestHost host = TestHost.inMemory()) {
            Session db = host.connect();
            assertThat(Sql.single(db, String.class, sql)).isEqualTo(expected);
        }
    }
}
