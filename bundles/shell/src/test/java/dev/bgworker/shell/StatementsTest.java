package dev.bgworker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatementsTest {

    @Test
    void eachStatementIsItsOwnText() {
        assertThat(Statements.of("SELECT 1; \n SELECT 2 ;; -- end\n ;")).containsExactly("SELECT 1", "SELECT 2");
        assertThat(Statements.of("  ")).isEmpty();
        assertThat(Statements.of("-- a; b")).isEmpty();
    }

    @Test
    void aSemicolonInsideALiteralNameOrCommentEndsNothing() {
        for (String one : new String[]{"SELECT 'a;b''c;'", "SELECT \"a;b\"", "SELECT `a;b`", "SELECT $$a;'b$$",
                "SELECT 1 /* a; /* b; */ c; */ + 1", "SELECT 1 -- a;\n + 1", "SELECT 'open; ", "SELECT /* open;",
                "/* open;"}) {
            assertThat(Statements.of(one)).as(one).containsExactly(one.strip());
            assertThat(Statements.of("SELECT 0;" + one)).as(one).containsExactly("SELECT 0", one.strip());
        }
    }
}
