package dev.bgworker.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.ProcExit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExitTest {

    private static final ErrorData DATA = ErrorData.errcode("22012", "division by zero");

    static Stream<Arguments> endings() {
        return Stream.of(Arguments.of(null, 0), Arguments.of(new ProcExit(0), 0), Arguments.of(new ProcExit(1), 1),
                Arguments.of(new ProcExit(7), 7), Arguments.of(new ErrorException(DATA), 1),
                Arguments.of(new FatalError(DATA), 1), Arguments.of(new PanicError(DATA), 2),
                Arguments.of(new StackOverflowError(), 2), Arguments.of(new OutOfMemoryError(), 2),
                Arguments.of(new AssertionError(), 1), Arguments.of(new NoClassDefFoundError(), 1),
                Arguments.of(new InterruptedException(), 1), Arguments.of(new IllegalStateException(), 1));
    }

    @ParameterizedTest
    @MethodSource("endings")
    @Tag("R44")
    @Tag("R46")
    @Tag("R47")
    @Tag("R52")
    @Tag("R120")
    void whatLeavesMainDecidesTheStatus(Throwable thrown, int status) {
        assertThat(Exit.of(thrown).status()).isEqualTo(status);
    }

    @Test
    @Tag("R119")
    void anErrorKeepsItsDataAndAForeignOneIsInternalWithItsPlace() {
        assertThat(Exit.of(new ErrorException(DATA)).error()).contains(DATA);
        assertThat(Exit.of(new IllegalStateException("shut")).error()).get().satisfies(error -> {
            assertThat(error.sqlState()).isEqualTo("XX000");
            assertThat(error.message()).isEqualTo("java.lang.IllegalStateException: shut");
            assertThat(error.context()).startsWith("at " + ExitTest.class.getName());
        });
    }

    @Test
    @Tag("R52")
    void procExitIsNoError() {
        assertThat(Exit.of(new ProcExit(3)).error()).isEmpty();
        assertThat(Exit.of(null)).isEqualTo(Exit.DONE);
    }
}
