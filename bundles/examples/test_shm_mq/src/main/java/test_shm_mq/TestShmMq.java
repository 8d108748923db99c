package test_shm_mq;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Backends;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.process.Ereport;
import java.util.List;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import static test_shm_mq.Usage.NO;
import static test_shm_mq.Usage.YES;

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

    /** {@code test_shm_mq} and {@code test_shm_mq_pipelined}. */
    @Descriptor(Usage.RUN)
    public String run(
            @Descriptor(Usage.QUEUE_SIZE) @Parameter(names = "--queue_size", absentValue = "65536") long queueSize,
            @Descriptor(Usage.MESSAGE_SIZE) @Parameter(names = "--message_size", absentValue = "64") int messageSize,
            @Descriptor(Usage.LOOPS) @Parameter(names = "--loops", absentValue = "10000") long loops,
            @Descriptor(Usage.WORKERS) @Parameter(names = "--workers", absentValue = "1") int stops,
            @Descriptor(Usage.PIPELINED) @Parameter(names = "--pipelined", presentValue = YES, absentValue = NO) boolean piped,
            @Descriptor(Usage.BLIND) @Parameter(names = "--no-verify", presentValue = YES, absentValue = NO) boolean blind,
            String... rest) throws InterruptedException {
        if (List.of(rest).equals(List.of("--help"))) {
            return Usage.HELP;
        }
        try {
            Options.checkRest(rest);
            Options options = new Options(queueSize, messageSize, loops, stops, piped, !blind);
            return new AsBackend<Throughput>(backends, workers).call("test_shm_mq", me -> measure(me, options)).toString();
        } catch (RuntimeException | Error raised) {
            if (raised instanceof Ereport ereport) {
                throw new CommandFailure(ereport);
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
            return new Throughput(options, System.nanoTime() - start);
        }
    }
}
