package dev.bgworker.testing;

import dev.bgworker.api.control.Server;
import dev.bgworker.ipc.IpcProvider;
import dev.bgworker.spi.HostServices;
import dev.bgworker.spi.SpiProvider;
import dev.bgworker.supervisor.Supervisor;
import java.lang.reflect.Constructor;
import java.sql.Driver;
import java.util.UUID;
import org.osgi.service.jdbc.DataSourceFactory;

/** What a supervisor of a test is given besides: shared memory, and databases in memory. */
final class Parts {

    private Parts() {}

    static void add(Supervisor supervisor, SettableMachine machine, Server server, boolean database) {
        if (database) {
            supervisor.addProvider(SpiProvider.inMemory(new HostServices(supervisor.procArray(),
                    supervisor.transactionEvents(), supervisor.waitGraph(), supervisor.hostSettings(),
                    supervisor.workersFor("host", library -> false), server), new SettableTimer(machine), engine(),
                    UUID.randomUUID().toString()));
        }
        IpcProvider memory = new IpcProvider(supervisor.waitGraph(), supervisor.hostSettings(), supervisor.procArray());
        supervisor.addProvider(memory);
        supervisor.providers().locks(memory);
        supervisor.buildSharedMemory();
    }

    /** By name, since no code here is the engine's. */
    private static DataSourceFactory engine() {
        try {
            Driver driver = (Driver) Class.forName("org.h2.Driver").getConstructor().newInstance();
            Constructor<?> factory = Class.forName("org.h2.util.OsgiDataSourceFactory").getConstructors()[0];
            return (DataSourceFactory) factory.newInstance(driver);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException("com.h2database:h2 is not on the class path of the tests", e);
        }
    }
}
