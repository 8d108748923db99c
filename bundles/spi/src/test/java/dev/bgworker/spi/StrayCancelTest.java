package dev.bgworker.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.spi.cluster.MemoryStorage;
import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.H2Engine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cancel that the engine gives to a later statement than the one it was meant for. */
class StrayCancelTest {

    private static final String DIVISION_BY_ZERO = "22012";
    private static final String ONCE = "SELECT 1 / (NEXT VALUE FOR s - 1)";

    private final TestHost host = TestHost.on(canceling(), new MemoryStorage(UUID.randomUUID().toString()));

    /** H2, which takes each division by zero for a cancel. */
    private static Engine canceling() {
        H2Engine engine = new H2Engine();
        return (Engine) Proxy.newProxyInstance(Engine.class.getClassLoader(), new Class<?>[]{Engine.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("failure")
                            && ((SQLException) args[0]).getSQLState().equals(DIVISION_BY_ZERO)) {
                        return Engine.Failure.CANCELED;
                    }
                    try {
                        return method.invoke(engine, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @AfterEach
    void stop() { host.close(); }

    @Test
    @Tag("R108")
    void runsTheStatementAgain() {
        host.provider().enter(State.RECOVERY_FINISHED);
        Session db = host.connect();
        Sql.ddl(db, "CREATE SEQUENCE s");

        try (Transaction tx = db.startTransaction(); Spi spi = tx.connect()) {
            assertThat(spi.execute(ONCE, false, 0).get(0, 1, Integer.class)).isEqualTo(1);
            spi.close();
            tx.commit();
        }
    }

    @Test
    @Tag("R109")
    void doesNotRunForEver() {
        host.provider().enter(State.RECOVERY_FINISHED);
        Session db = host.connect();

        Sql.assertFails(db, DIVISION_BY_ZERO, "SELECT 1 / 0");
    }
}
