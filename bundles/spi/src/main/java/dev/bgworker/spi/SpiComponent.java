package dev.bgworker.spi;

import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.host.HostSettings;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.TransactionEvents;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.spi.jdbc.DataSourceServices;
import java.nio.file.Path;
import java.util.Objects;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jdbc.DataSourceFactory;

/** Registers spi with the supervisor while a supervisor and H2 are there. */
@Component(service = {}, immediate = true)
public final class SpiComponent {

    private final SpiProvider provider;
    private final DataSourceServices dataSources;
    private final ServiceRegistration<?> registration;

    @Activate
    public SpiComponent(BundleContext bundle, @Reference ProcArray procs, @Reference TransactionEvents events,
            @Reference WaitGraph waits, @Reference HostSettings settings, @Reference BackgroundWorkers workers,
            @Reference Server server,
            @Reference(target = "(osgi.jdbc.driver.class=org.h2.Driver)") DataSourceFactory factory) {
        String data = Objects.requireNonNull(bundle.getProperty("bgw.data"), "framework property bgw.data is not set");
        provider = new SpiProvider(new HostServices(procs, events, waits, settings, workers, server), factory,
                Path.of(data));
        dataSources = new DataSourceServices(bundle, provider.clients());
        provider.watchDatabases(dataSources::databases);
        registration = bundle.registerService(WorkerResource.class, provider, null);
    }

    /** Databases are closed already when the server shut down; else the bundle alone goes, and takes them along. */
    @Deactivate
    void deactivate() {
        registration.unregister();
        provider.close();
        dataSources.stop();
    }
}
