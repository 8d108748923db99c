package test_shm_mq;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Backends;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The Gogo command {@code test_shm_mq:run}. Called by any thread, also by several at once, each with a ring of its own. */
@Component(service = TestShmMq.class, property = {"osgi.command.scope=test_shm_mq", "osgi.command.function=run"})
public final class TestShmMq {

    private final BackgroundWorkers workers;
    private final Backends backends;

    @Activate
    public TestShmMq(@Reference BackgroundWorkers workers, @Reference Backends backends) {
        this.workers = workers;
        this.backends = backends;
    }

    /** {@code test_shm_mq} and {@code test_shm_mq_pipelined}. Options are texts, so that what is wrong with one is told here. */
    @Descriptor(Usage.RUN)
    public String run(CommandSession session, @Descriptor(Usage.OPTIONS) String... words) throws InterruptedException {
        if (List.of("--help").equals(Arrays.asList(words))) {
            return Usage.HELP;
        }
        AsBackend<Throughput> work = new AsBackend<>(backends, workers);
        try (Held prompt = ControlC.takenBy(work::cancel, session)) {
            Options options = Options.parse(words);
            return work.call("test_shm_mq", me -> measure(me, options)).toString();
        } catch (RuntimeException | Error raised) {
            if (raised instanceof Ereport ereport) {
                throw told(ereport.data());
            }
            throw raised;
        }
    }

    private Throughput measure(Backend me, Options options) throws InterruptedException {
        Messages messages = new Messages(options.messageSize(), options.verify());
        try (Ring ring = new Ring(me, options.workers(), options.queueSize())) {
            ring.launch(workers);
            Traffic traffic = options.pipelined() ? new Pipeline(me, ring, messages) : new RoundTrips(ring, messages);
            long start = System.nanoTime();
            traffic.run(options.loops());
            Throughput result = new Throughput(options, System.nanoTime() - start);
            ring.finish();
            return result;
        }
    }

    /**
     * All parts in the message, since the prompt prints no other. Gogo keeps the last exception of a session, which must not keep
     * the classes of a bundle that is gone: so neither a type of this bundle, nor a cause, nor a stack with its frames.
     */
    private static ErrorException told(ErrorData data) {
        ErrorException told = new ErrorException(ErrorData.errcode(data.sqlState(), data.inWords()));
        CompletableFuture.runAsync(told::fillInStackTrace).join();
        return told;
    }
}
