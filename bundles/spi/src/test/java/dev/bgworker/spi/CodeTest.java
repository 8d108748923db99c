package dev.bgworker.spi;

import dev.bgworker.api.spi.SpiResult.Code;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CodeTest {

    @Test
    @Tag("R177")
    void codesHavePostgresNamesAndNumbers() {
        assertThat(Arrays.stream(Code.values()).map(code -> code + " " + code.number())).containsExactly(
                "SPI_OK_CONNECT 1", "SPI_OK_FINISH 2", "SPI_OK_FETCH 3", "SPI_OK_UTILITY 4", "SPI_OK_SELECT 5",
                "SPI_OK_SELINTO 6", "SPI_OK_INSERT 7", "SPI_OK_DELETE 8", "SPI_OK_UPDATE 9", "SPI_OK_CURSOR 10",
                "SPI_OK_INSERT_RETURNING 11", "SPI_OK_DELETE_RETURNING 12", "SPI_OK_UPDATE_RETURNING 13",
                "SPI_OK_REWRITTEN 14", "SPI_OK_REL_REGISTER 15", "SPI_OK_REL_UNREGISTER 16", "SPI_OK_TD_REGISTER 17",
                "SPI_OK_MERGE 18", "SPI_OK_MERGE_RETURNING 19", "SPI_ERROR_CONNECT -1", "SPI_ERROR_COPY -2",
                "SPI_ERROR_OPUNKNOWN -3", "SPI_ERROR_UNCONNECTED -4", "SPI_ERROR_CURSOR -5", "SPI_ERROR_ARGUMENT -6",
                "SPI_ERROR_PARAM -7", "SPI_ERROR_TRANSACTION -8", "SPI_ERROR_NOATTRIBUTE -9", "SPI_ERROR_NOOUTFUNC -10",
                "SPI_ERROR_TYPUNKNOWN -11", "SPI_ERROR_REL_DUPLICATE -12", "SPI_ERROR_REL_NOT_FOUND -13");
    }
}
