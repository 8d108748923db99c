package dev.bgworker.spi.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.spi.sql.QueryPlan.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryPlanTest {

    @Test
    void tablesAreThoseBehindFromAndJoin() {
        assertThat(QueryPlan
                .tablesOf("SELECT\n    \"a\".\"k\", COUNT(*)\nFROM \"public\".\"t\" \"a\"\n    /* public.i: k = ?1 */\n"
                        + "LEFT OUTER JOIN \"S\".\"U\"\n    /* tableScan */\n    ON \"b\" = 'x'\nWHERE \"k\" IN(1, ?1)"))
                .containsExactly(new Table("public", "t"), new Table("S", "U"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "UPDATE \"s\".\"t\"", "SELECT F(1) FROM \"s\".\"t\"",
            "SELECT \"s\".\"f\"(1) FROM \"s\".\"t\"",
            "SELECT 1 FROM \"t\"", "SELECT 1 FROM \"s\".F()", "SELECT 1 FROM (SELECT 2 FROM \"s\".\"t\")",
            "SELECT 1 FROM \"s\".\"t\", \"s\".\"u\"",
            "SELECT 1 FROM \"s\".\"t\" \"a\" INNER JOIN \"s\".\"u\" ON 1=1, \"s\".\"w\"",
            "SELECT @x FROM \"s\".\"t\"", "SELECT 1 FROM \"s\".\"t\" FOR UPDATE", "SELECT CURRENT_DATE FROM \"s\".\"t\"",
            "SELECT 1 FROM \"s\".\"t\"\"u\"", "SELECT \"a\"\"b\" FROM \"s\".\"t\"",
            "SELECT 1 FROM \"s\".\"t\" USE INDEX (\"i\")",
            "SELECT TIME '10:00:00' FROM \"s\".\"t\"", "SELECT 1 FROM \"s\".\"t\" /* i: '/*' */ WHERE F() = '*/'",
            "SELECT 1 FROM \"s\".\"t\" /* i: ' */ ' */", "SELECT 1 FROM \"s\".\"t\" /* open"})
    void whatIsNotListedIsNoReadOfTables(String plan) { assertThat(QueryPlan.tablesOf(plan)).isEmpty(); }
}
