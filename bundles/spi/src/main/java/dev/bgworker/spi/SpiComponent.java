package dev.bgworker.spi;

import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.host.HostSettings;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.TransactionEvents;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.spi.jdbc.DataSourceServices;
import dev.bgworker.spi.notify.EventSink;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.jdbc.DataSourceFactory;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

/** Registers spi with the supervisor while a supervisor and H2 are there; EventAdmin may come and go. */
@Component(service = {}, immediate = true)
public final class SpiComponent implements EventSink {

    private final SpiProvider provider;
    private final DataSourceServices dataSources;
    private final ServiceRegistration<?> registration;
    // Written by the component runtime, from any thread; null while there is none.
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile EventAdmin eventAdmin;

    @Activate
    public SpiComponent(BundleContext bundle, @Reference ProcArray procs, @Reference TransactionEvents events,
            @Reference WaitGraph waits, @Reference HostSettings settings, @Reference BackgroundWorkers workers,
            @Reference Server server,
            @Reference(target = "(osgi.jdbc.driver.class=org.h2.Driver)") DataSourceFactory factory) {
        String data = Objects.requireNonNull(bundle.getProperty("bgw.data"), "framework property bgw.data is not set");
        provider = new SpiProvider(new HostServices(procs, events, waits, settings, workers, server), factory,
                Path.of(data), this);
        dataSources = new DataSourceServices(bundle, provider.clients());
        provider.watchDatabases(dataSources::register);
        registration = bundle.registerService(WorkerResource.class, provider, null);
    }

    @Override
    public boolean present() { return eventAdmin != null; }

    @Override
    public void post(String topic, Map<String, Object> properties) {
        EventAdmin admin = eventAdmin;
        if (admin != null) {
            admin.postEvent(new Event(topic, properties));
        }
    }

    /** Databases are closed already when the server shut down; else the bundle alone goes, and takes them along. */
    @Deactivate
    void deactivate() {
        registration.unregister();
        provider.close();
        dataSources.stop();
    }
}
