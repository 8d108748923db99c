package dev.bgworker.toolkit;

import dev.bgworker.api.process.ErrorException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;

class ErrorReportTest {

    private final List<String> lines = new ArrayList<>();
    private final ErrorReport report = new ErrorReport((Logger) Proxy.newProxyInstance(
            Logger.class.getClassLoader(), new Class<?>[]{Logger.class}, (proxy, method, args) -> {
                Object[] parameters = args[1] instanceof Object[] many ? many : Arrays.copyOfRange(args, 1, args.length);
                var line = MessageFormatter.arrayFormat((String) args[0], parameters);
                boolean stack = line.getThrowable() != null || parameters[parameters.length - 1] instanceof Throwable;
                lines.add(method.getName() + " " + line.getMessage() + (stack ? " +stack" : ""));
                return null;
            }));

    private static ErrorException duplicate(String key) {
        return new ErrorException(errcode("23505", "duplicate key " + key).errdetail("Key exists.").errhint("Take another.")
                .errcontext("SQL statement \"INSERT\""));
    }

    @Test
    @Tag("R199")
    void errorIsReportedWithAllItsData() {
        report.error(duplicate("a"));

        assertThat(lines).containsExactly("error 23505: duplicate key a\nDETAIL: Key exists.\nHINT: Take another.\n"
                + "CONTEXT: SQL statement \"INSERT\" +stack");
    }

    @Test
    void aSyntaxErrorIsReportedWithItsPlaceInTheStatement() {
        report.error(new ErrorException(errcode("42601", "syntax error at end of input").internalerrposition("SELECT", 7)));

        assertThat(lines).containsExactly("error 42601: syntax error at end of input at character 7\nQUERY: SELECT +stack");
    }

    @Test
    void sameErrorIsCountedInsteadOfRepeated() {
        report.error(duplicate("a"));
        report.error(duplicate("a"));
        report.error(duplicate("a"));
        report.success(3);

        assertThat(lines.subList(1, 4)).containsExactly(
                "error the same error 2 times in a row: 23505: duplicate key a",
                "error the same error 3 times in a row: 23505: duplicate key a", "info going on after 3 failures");
    }

    @Test
    void anotherErrorAndOneAfterSuccessAreReportedInFull() {
        report.error(duplicate("a"));
        report.error(duplicate("b"));
        report.success(2);
        report.error(duplicate("b"));

        assertThat(lines).filteredOn(line -> line.endsWith("+stack")).hasSize(3);
    }

    @Test
    void exceptionOfTheAuthorIsAnInternalError() {
        report.error(new IllegalStateException("no luck"));

        assertThat(lines).containsExactly("error XX000: java.lang.IllegalStateException: no luck +stack");
    }
}
