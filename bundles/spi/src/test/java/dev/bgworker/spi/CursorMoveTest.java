package dev.bgworker.spi;

import dev.bgworker.api.spi.Portal.Direction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Positions of a cursor over three rows, as PostgreSQL's FETCH leaves them. */
class CursorMoveTest {

    private static final long ALL = Long.MAX_VALUE;

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
            "0, FORWARD, 1, 1, 1", "0, FORWARD, 2, 1 2, 2", "0, FORWARD, 3, 1 2 3, 3", "0, FORWARD, 4, 1 2 3, 4",
            "0, FORWARD, ALL, 1 2 3, 4", "3, FORWARD, 1, -, 4", "4, FORWARD, 1, -, 4", "4, FORWARD, ALL, -, 4",
            "0, FORWARD, 0, -, 0", "2, FORWARD, 0, 2, 2", "4, FORWARD, 0, -, 4", "3, FORWARD, -2, 2 1, 1",
            "2, FORWARD, MIN, 1, 0",
            "4, BACKWARD, 1, 3, 3", "4, BACKWARD, ALL, 3 2 1, 0", "3, BACKWARD, 1, 2, 2", "3, BACKWARD, 2, 2 1, 1",
            "3, BACKWARD, 3, 2 1, 0", "1, BACKWARD, 1, -, 0", "0, BACKWARD, 1, -, 0", "2, BACKWARD, 0, 2, 2",
            "1, BACKWARD, -2, 2 3, 3", "1, BACKWARD, MIN, 2 3, 4",
            "0, ABSOLUTE, 2, 2, 2", "3, ABSOLUTE, 1, 1, 1", "0, ABSOLUTE, 4, -, 4", "0, ABSOLUTE, ALL, -, 4",
            "2, ABSOLUTE, 0, -, 0", "0, ABSOLUTE, -1, 3, 3", "0, ABSOLUTE, -3, 1, 1", "0, ABSOLUTE, -4, -, 0",
            "0, ABSOLUTE, MIN, -, 0",
            "1, RELATIVE, 2, 3, 3", "1, RELATIVE, 3, -, 4", "3, RELATIVE, -2, 1, 1", "3, RELATIVE, -3, -, 0",
            "4, RELATIVE, -1, 3, 3", "2, RELATIVE, 0, 2, 2", "4, RELATIVE, 0, -, 4", "2, RELATIVE, ALL, -, 4",
            "2, RELATIVE, MIN, -, 0"})
    @Tag("R186")
    void fetchReadsTheseRowsAndLeavesThePositionThere(long at, Direction direction, String count, String rows, long to) {
        CursorMove move = CursorMove.of(at, 3, direction, number(count));
        StringBuilder read = new StringBuilder();
        for (long i = 0; i < move.rows(); i++) {
            read.append(read.isEmpty() ? "" : " ")
                    .append(move.backward() ? move.first() + move.rows() - 1 - i : move.first() + i);
        }
        assertThat(read.toString()).isEqualTo(rows == null ? "" : rows);
        assertThat(move.to()).isEqualTo(to);
    }

    @ParameterizedTest
    @CsvSource({"0, FORWARD, 5, false", "2, FORWARD, ALL, false", "2, FORWARD, 0, true", "0, FORWARD, 0, false",
            "2, BACKWARD, 1, true", "0, BACKWARD, 1, false", "2, RELATIVE, 1, false", "2, RELATIVE, -1, true",
            "2, ABSOLUTE, 3, false", "2, ABSOLUTE, 2, true", "2, ABSOLUTE, 0, true"})
    @Tag("R186")
    void goingBackIsKnownBeforeTheEndIsSeen(long at, Direction direction, String count, boolean back) {
        assertThat(CursorMove.of(at, CursorMove.UNKNOWN, direction, number(count)).goesBack(at)).isEqualTo(back);
    }

    private static long number(String count) {
        return switch (count) {
            case "ALL" -> ALL;
            case "MIN" -> Long.MIN_VALUE;
            default -> Long.parseLong(count);
        };
    }
}
