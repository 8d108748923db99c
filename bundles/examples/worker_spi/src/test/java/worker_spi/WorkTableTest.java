package worker_spi;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.Datum;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WorkTableTest {

    private final BackgroundWorker.Builder worker = BackgroundWorker.builder("SPI worker", "worker_spi", "worker_spi_main");

    @Test
    void staticWorkerHasItsTableFromExtra() {
        assertThat(WorkTable.of(worker.extra(Map.of("schema", "our schema2", "table", "counted rows")).build()))
                .hasToString("\"our schema2\".\"counted rows\"");
    }

    @Test
    void dynamicWorkerHasItsTableFromTheArgument() {
        assertThat(WorkTable.of(worker.mainArg(Datum.of(4)).build())).hasToString("\"schema4\".\"counted\"");
    }

    @Test
    void quotesInNamesAreDoubled() { assertThat(new WorkTable("a\"b", "c")).hasToString("\"a\"\"b\".\"c\""); }
}
