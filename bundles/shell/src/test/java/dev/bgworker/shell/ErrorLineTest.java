package dev.bgworker.shell;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ErrorLineTest {

    private static final ErrorData WRONG = ErrorData.errcode("42601", "syntax error at or near \"FORM\"")
            .errhint("H").internalerrposition("SELECT 1\nFORM t", 10);

    @Test
    void theMarkIsBelowTheCharacter() {
        assertThat(ErrorLine.of("SELECT 1 FORM t", 10)).isEqualTo("LINE 1: SELECT 1 FORM t\n                 ^");
        assertThat(ErrorLine.of("SELECT '\ud83d\ude00' FORM", 12))
                .isEqualTo("LINE 1: SELECT '\ud83d\ude00' FORM\n                   ^");
        assertThat(ErrorLine.of("selec", 1)).isEqualTo("LINE 1: selec\n        ^");
        assertThat(ErrorLine.of("SELECT 1 FROM", 14)).isEqualTo("LINE 1: SELECT 1 FROM\n                     ^");
    }

    @Test
    void ofSeveralLinesTheOneIsShownWithItsNumber() {
        assertThat(ErrorLine.of("SELECT 1\r\n\tFORM t\r\nWHERE x", 12)).isEqualTo("LINE 2:  FORM t\n         ^");
    }

    @Test
    void ofALongLineWhatIsAroundTheCharacter() {
        String sql = "a".repeat(100) + "x" + "b".repeat(100);

        assertThat(ErrorLine.of(sql, 1)).isEqualTo("LINE 1: " + "a".repeat(60) + "...\n        ^");
        assertThat(ErrorLine.of(sql, 101)).isEqualTo("LINE 1: ..." + "a".repeat(50) + "x" + "b".repeat(9) + "...\n"
                + " ".repeat(61) + "^");
        assertThat(ErrorLine.of(sql, 202)).isEqualTo("LINE 1: ..." + "b".repeat(60) + "\n" + " ".repeat(71) + "^");
    }

    @Test
    void whoGaveTheStatementIsShownTheLineAndOthersAreToldTheStatement() {
        assertThat(ErrorText.verbose(new ErrorException(WRONG))).isEqualTo("""
                ERROR:  42601: syntax error at or near "FORM"
                LINE 2: FORM t
                        ^
                HINT:  H""");
        assertThat(ErrorText.of(WRONG)).isEqualTo("""
                ERROR:  syntax error at or near "FORM"
                LINE 2: FORM t
                        ^
                HINT:  H""");
        assertThat(new Text(ZoneOffset.UTC).cell(WRONG))
                .isEqualTo(
                        "ERROR:  42601: syntax error at or near \"FORM\" at character 10 HINT:  H QUERY:  SELECT 1 FORM t");
        assertThat(Json.of(WRONG)).endsWith("\"internal_query\": \"SELECT 1\\nFORM t\", \"internal_position\": 10}");
    }
}
