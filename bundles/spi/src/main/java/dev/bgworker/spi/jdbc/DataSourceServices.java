package dev.bgworker.spi.jdbc;

import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/**
 * A {@code DataSource} service per database, each bundle with one of its own. Registered and unregistered by one thread of
 * its own, since whoever waits for such a service is called then, and the host does not wait for that.
 */
public final class DataSourceServices {

    /** Property of the service: the database's name. */
    static final String DATABASE = "bgw.database";
    /** Property of the service: true while the server is CONSISTENT. */
    static final String READ_ONLY = "bgw.read_only";

    private final BundleContext context;
    private final ClientOpener opener;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread made = new Thread(null, work, "spi data sources", 0, false);
        made.setContextClassLoader(DataSourceServices.class.getClassLoader());
        made.setDaemon(true);
        return made;
    });
    // That thread only.
    private final Map<String, ServiceRegistration<?>> registered = new HashMap<>();
    // That thread only: of all that are registered.
    private boolean readOnly;

    public DataSourceServices(BundleContext context, ClientOpener opener) {
        this.context = context;
        this.opener = opener;
    }

    /** From now on exactly these; from any thread, does not wait. */
    public void register(Connectable now) {
        thread.execute(() -> follow(now));
    }

    /** The bundle stops, and the framework unregisters what is left. */
    public void stop() { thread.shutdown(); }

    /** Anew once they can write, not changed: a component that failed for want of it is activated again only by a new one. */
    private void follow(Connectable now) {
        for (String name : Set.copyOf(registered.keySet())) {
            if (now.readOnly() != readOnly || !now.databases().contains(name)) {
                registered.remove(name).unregister();
            }
        }
        readOnly = now.readOnly();
        for (String name : now.databases()) {
            registered.computeIfAbsent(name, this::register);
        }
    }

    private ServiceRegistration<?> register(String database) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(DATABASE, database);
        properties.put(READ_ONLY, readOnly);
        properties.put(Constants.SERVICE_DESCRIPTION, "connections to database \"" + database + "\"");
        return context.registerService(DataSource.class, new PerBundle(database, opener), properties);
    }

    private record PerBundle(String database, ClientOpener opener) implements ServiceFactory<DataSource> {

        @Override
        public DataSource getService(Bundle bundle, ServiceRegistration<DataSource> registration) {
            return new ClientDataSource(database, bundle.getSymbolicName(), opener);
        }

        @Override
        public void ungetService(Bundle bundle, ServiceRegistration<DataSource> registration, DataSource service) {
            ((ClientDataSource) service).end();
        }
    }
}
