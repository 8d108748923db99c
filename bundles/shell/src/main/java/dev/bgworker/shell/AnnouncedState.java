package dev.bgworker.shell;

import dev.bgworker.api.control.Server;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceListener;

/** The server announces its state as a property of its service. Thread-safe. */
final class AnnouncedState implements ServerCommands.StateWait {

    private final BundleContext context;
    private final Server server;

    AnnouncedState(BundleContext context, Server server) {
        this.context = context;
        this.server = server;
    }

    @Override
    public boolean reached(Server.State state, Duration wait) throws InterruptedException {
        CountDownLatch announced = new CountDownLatch(1);
        ServiceListener listener = event -> announced.countDown();
        String filter = "(&(objectClass=" + Server.class.getName() + ")(bgw.state=" + state + "))";
        try {
            context.addServiceListener(listener, filter);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(filter, e);
        }
        try {
            return server.state() == state || announced.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            context.removeServiceListener(listener);
        }
    }
}
