package dev.bgworker.supervisor.osgi;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Backends;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Scope;
import dev.bgworker.supervisor.Supervisor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** The services that know who uses them. */
final class BundleScoped {

    /** What the host's own bundles register belongs to the host, which is there as long as anybody. */
    private static final String HOST = "dev.bgworker.";

    private BundleScoped() {}

    /** A bundle that goes takes with it the workers that it registered. */
    static ServiceFactory<BackgroundWorkers> workers(Supervisor supervisor) {
        return new ServiceFactory<>() {
            @Override
            public BackgroundWorkers getService(Bundle bundle, ServiceRegistration<BackgroundWorkers> registration) {
                return supervisor.workersFor(owner(bundle),
                        library -> bundle.getState() == Bundle.STARTING && library.equals(bundle.getSymbolicName()));
            }

            @Override
            public void ungetService(Bundle bundle, ServiceRegistration<BackgroundWorkers> registration,
                    BackgroundWorkers service) {
                boolean goes = bundle.getState() != Bundle.ACTIVE && bundle.getState() != Bundle.STARTING;
                if (goes && !isHost(bundle)) {
                    supervisor.ownerGone(owner(bundle));
                }
            }
        };
    }

    /** With its version: two of one name may stand side by side, and the stop of one is not the other's. */
    private static String owner(Bundle bundle) {
        return isHost(bundle) ? "host" : bundle.getSymbolicName() + "/" + bundle.getVersion();
    }

    private static boolean isHost(Bundle bundle) {
        return bundle.getSymbolicName() == null || bundle.getSymbolicName().startsWith(HOST);
    }

    /** A backend left open by a bundle that goes is told to end; its thread does it. */
    static ServiceFactory<Backends> backends(Supervisor supervisor) {
        return new ServiceFactory<>() {
            @Override
            public Backends getService(Bundle bundle, ServiceRegistration<Backends> registration) {
                return new OwnedBackends(supervisor);
            }

            @Override
            public void ungetService(Bundle bundle, ServiceRegistration<Backends> registration, Backends service) {
                ((OwnedBackends) service).end();
            }
        };
    }

    /** Whichever way a bundle came to its connections, they are closed when it has stopped. */
    static BundleListener clients(Supervisor supervisor) {
        return event -> {
            if (event.getType() == BundleEvent.STOPPED && !isHost(event.getBundle())) {
                supervisor.endClients(owner(event.getBundle()));
            }
        };
    }

    private static final class OwnedBackends implements Backends {

        private final Supervisor supervisor;
        private final Set<Long> open = ConcurrentHashMap.newKeySet();

        private OwnedBackends(Supervisor supervisor) { this.supervisor = supervisor; }

        @Override
        public Backend open(String applicationName) {
            Backend backend = supervisor.openBackend(applicationName);
            open.add(backend.pid());
            backend.scope().on(Scope.Event.ON_PROC_EXIT, end -> open.remove(backend.pid()));
            return backend;
        }

        private void end() { open.forEach(pid -> supervisor.signal(pid, Interrupts.Signal.TERM)); }
    }
}
