package worker_spi;

import dev.bgworker.api.Library;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.RestartPolicy;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

import static java.time.Duration.ofSeconds;

/** {@code _PG_init}: two static workers of one function; the first never restarts. Called by the loading thread. */
@Component
public final class WorkerSpiLibrary implements Library {

    @Override
    public void init(Init loading) {
        loading.registerBackgroundWorker(BackgroundWorker.builder("SPI worker 1", "worker_spi", "worker_spi_main")
                .extra(Map.of("schema", "schema1", "table", "counted")).restart(RestartPolicy.NEVER).build());
        loading.registerBackgroundWorker(BackgroundWorker.builder("SPI worker 2", "worker_spi", "worker_spi_main")
                .extra(Map.of("schema", "our schema2", "table", "counted rows"))
                .restart(RestartPolicy.after(ofSeconds(2))).build());
    }
}
