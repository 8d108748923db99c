package dev.bgworker.ipc;

import dev.bgworker.api.host.WorkerResource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Registers ipc with the supervisor. */
@Component(service = {}, immediate = true)
public final class IpcComponent {

    private final ServiceRegistration<?> registration;

    @Activate
    public IpcComponent(BundleContext bundle) {
        registration = bundle.registerService(WorkerResource.class, new IpcProvider(), null);
    }

    @Deactivate
    void deactivate() { registration.unregister(); }
}
