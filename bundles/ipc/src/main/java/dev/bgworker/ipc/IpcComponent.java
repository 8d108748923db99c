package dev.bgworker.ipc;

import dev.bgworker.api.host.HostSettings;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WaitGraph;
import dev.bgworker.api.host.WorkerResource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Registers ipc with the supervisor. */
@Component(service = {}, immediate = true)
public final class IpcComponent {

    private final IpcProvider provider;
    private final ServiceRegistration<?> registration;

    @Activate
    public IpcComponent(BundleContext bundle, @Reference WaitGraph waits, @Reference HostSettings settings,
            @Reference ProcArray procs) {
        provider = new IpcProvider(waits, settings, procs);
        registration = bundle.registerService(
                new String[]{WorkerResource.class.getName(), WaitGraph.Locks.class.getName()}, provider, null);
    }

    /** Processes are told by an error, also those that sleep, before the supervisor takes back what they have. */
    @Deactivate
    void deactivate() {
        provider.close();
        registration.unregister();
    }
}
