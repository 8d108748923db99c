package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.itests.rendezvous.Rendezvous;
import dev.bgworker.itests.workers.Listens;
import dev.bgworker.itests.workers.Notifies;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/** Messages from worker to worker, and to EventAdmin. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class NotifyIT {

    @Inject
    private BundleContext context;
    private Host host;
    private BackgroundWorkerHandle listener;
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private ServiceRegistration<?> handler;

    @Configuration
    public static Option[] host() { return new Option[]{Provisioned.host(NotifyIT.class)}; }

    @Before
    public void listen() throws InterruptedException {
        host = new Host(context);
        if (host.file("messages.jar").isEmpty()) {
            host.drop(TestBundle.of("messages", "1.0.0").function("listens", Listens.class)
                    .function("notifies", Notifies.class), "messages.jar");
        }
        host.awaitFile("messages.jar", "CURRENT");
        Dictionary<String, Object> topics = new Hashtable<>();
        topics.put(EventConstants.EVENT_TOPIC, "dev/bgworker/notify/postgres");
        handler = context.registerService(EventHandler.class, events::add, topics);
        listener = register("listens");
        assertThat(listener.awaitReady(ofSeconds(20)).ready()).isTrue();
    }

    @After
    public void stop() throws InterruptedException {
        handler.unregister();
        listener.terminate();
        listener.awaitShutdown(ofSeconds(20));
    }

    private BackgroundWorkerHandle register(String function) {
        return host.workers()
                .register(BackgroundWorker.builder(function, "messages", function).restart(RestartPolicy.NEVER).build());
    }

    private List<Object> payloads() {
        List<Object> all = new ArrayList<>();
        events.forEach(each -> all.add(each.getProperty("payload")));
        return all;
    }

    @Test
    @Proves({"R212", "R218"})
    public void whatOneWorkerCommitsAnotherHearsOnItsLatchAndEventAdminSees() throws InterruptedException {
        BackgroundWorkerHandle sender = register("notifies");
        long pid = sender.awaitStartup(ofSeconds(20)).pid();
        patiently().until(() -> Rendezvous.read("heard").equals(Optional.of("1 2 3")));
        patiently().until(() -> events.size() == 3);
        assertThat(payloads()).containsExactly("1", "2", "3");
        assertThat(events).allSatisfy(each -> {
            assertThat(each.getProperty("channel")).isEqualTo("orders");
            assertThat(each.getProperty("database")).isEqualTo("postgres");
            assertThat(each.getProperty("pid")).isEqualTo(pid);
        });
    }

    @Test
    @Proves("R214")
    public void eventAdminSeesThemInTheOrderOfTheirCommits() {
        List<Object> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String payload = "order " + i;
            expected.add(payload);
            host.sql("NOTIFY orders, '" + payload + "'");
        }
        patiently().until(() -> events.size() == 200);
        assertThat(payloads()).isEqualTo(expected);
        String all = String.join(" ", IntStream.range(0, 200).mapToObj(i -> "order " + i).toList());
        patiently().until(() -> Rendezvous.read("heard").equals(Optional.of(all)));
    }
}
