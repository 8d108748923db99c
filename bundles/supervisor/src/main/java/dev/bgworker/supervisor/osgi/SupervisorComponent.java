package dev.bgworker.supervisor.osgi;

import dev.bgworker.api.Backends;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.host.InjectionPoints;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.TransactionEvents;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.supervisor.HostClock;
import dev.bgworker.supervisor.HostEnd;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.SupervisorServer;
import dev.bgworker.supervisor.library.Libraries;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.cm.ManagedService;
import org.osgi.service.cm.ManagedServiceFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the supervisor into the framework: its services, its providers, its libraries, its life. */
@Component(service = {}, immediate = true)
@Designate(ocd = BgwSettings.class)
public final class SupervisorComponent {

    private final BundleContext context;
    private final HostSettings settings = new HostSettings();
    private final Supervisor supervisor;
    private final Libraries libraries;
    private final StartAndStop life;
    private final AtomicReference<Server.State> announced = new AtomicReference<>(Server.State.STARTING);
    private ServiceRegistration<Server> server;

    /** Everything but the start of it. */
    @Activate
    public SupervisorComponent(BundleContext context, @Reference ServiceComponentRuntime scr,
            @Reference ConfigurationAdmin configurations) {
        this.context = context;
        Libraries.Late functions = new Libraries.Late();
        End end = new End();
        supervisor = new Supervisor(new HostClock(), functions, library -> settings.now().of(library),
                settings.now().limits(), end);
        settings.tell(supervisor);
        libraries = new Libraries(context, scr, supervisor, folder("bgw.deploy"), () -> libraryPath());
        functions.are(libraries.functions());
        Bundle framework = context.getBundle(0);
        HostLife host = new HostLife(supervisor, () -> settings.now().limits().shutdownTimeout(),
                folder("bgw.data").resolve("standby.signal"), () -> preload(configurations), this::announce,
                () -> StartAndStop.stopFramework(framework));
        life = new StartAndStop(context, host);
        end.is(host);
        supervisor.start();
        register(new SupervisorServer(supervisor,
                new FrameworkLife(host, libraries::rows, () -> settings.read(configurations))));
        libraries.open();
        life.open();
    }

    /** Supervisor and life need each other; this is bound before the supervisor starts. */
    private static final class End implements HostEnd {

        private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");

        private volatile HostLife life;

        void is(HostLife host) { life = host; }

        @Override
        public void stop(int status, String why) {
            LOG.error("the host stops: {}", why);
            life.endHost(status);
        }
    }

    private Path folder(String property) {
        String value = context.getProperty(property);
        return value == null ? context.getDataFile(property).toPath() : Path.of(value).toAbsolutePath();
    }

    private List<Path> libraryPath() {
        List<Path> set = settings.now().libraryPath();
        return set.isEmpty() ? List.of(folder("bgw.lib")) : set;
    }

    private void preload(ConfigurationAdmin configurations) {
        libraries.frameworkStarted();
        settings.read(configurations);
        settings.now().preload().forEach(libraries::preload);
    }

    private void register(SupervisorServer service) {
        server = context.registerService(Server.class, service, state(Server.State.STARTING));
        context.registerService(BackgroundWorkers.class, BundleScoped.workers(supervisor), null);
        context.registerService(Backends.class, BundleScoped.backends(supervisor), null);
        context.addBundleListener(BundleScoped.clients(supervisor));
        context.registerService(ProcArray.class, supervisor.procArray(), null);
        context.registerService(TransactionEvents.class, supervisor.transactionEvents(), null);
        context.registerService(dev.bgworker.api.host.HostSettings.class, supervisor.hostSettings(), null);
        context.registerService(WaitGraph.class, supervisor.waitGraph(), null);
        if (Boolean.parseBoolean(context.getProperty("bgw.injection_points"))) {
            context.registerService(InjectionPoints.class, supervisor.withInjectionPoints(), null);
        }
        context.registerService(ManagedService.class, settings, properties(Constants.SERVICE_PID, HostSettings.PID));
        WorkerFiles files = new WorkerFiles(supervisor);
        context.registerService(ManagedServiceFactory.class, files, properties(Constants.SERVICE_PID, WorkerFiles.PID));
        context.registerService(ConfigurationListener.class, files, null);
    }

    private static Dictionary<String, Object> state(Server.State state) { return properties("bgw.state", state.name()); }

    private static Dictionary<String, Object> properties(String key, Object value) {
        return new Hashtable<>(Map.of(key, value));
    }

    /** Start and stop may come here at once; whoever comes last leaves the state that is furthest on. */
    private void announce(Server.State next) {
        announced.accumulateAndGet(next, (known, now) -> known.compareTo(now) >= 0 ? known : now);
        Server.State shown;
        do {
            shown = announced.get();
            server.setProperties(state(shown));
        } while (shown != announced.get());
    }

    /** A provider comes: attached to by processes from now on, and made ready if the host is up. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addProvider(WorkerResource<?, ?> provider) { supervisor.addProvider(provider); }

    void removeProvider(WorkerResource<?, ?> provider) { supervisor.providers().remove(provider); }

    /** The named locks come. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setLocks(WaitGraph.Locks locks) { supervisor.providers().locks(locks); }

    void unsetLocks(WaitGraph.Locks locks) { supervisor.providers().withoutLocks(locks); }

    /** The bundle stops: so do all workers. */
    @Deactivate
    void close() {
        life.close();
        libraries.close();
    }
}
