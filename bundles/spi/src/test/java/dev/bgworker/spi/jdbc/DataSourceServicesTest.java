package dev.bgworker.spi.jdbc;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

import static org.assertj.core.api.Assertions.assertThat;

/** Which services are registered, told by a framework that notes each call. */
class DataSourceServicesTest {

    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private final DataSourceServices services = new DataSourceServices(fake(BundleContext.class, "registers "), null);

    @AfterEach
    void stop() { services.stop(); }

    private <T> T fake(Class<T> type, String word) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, method, args) -> {
            if (method.getName().equals("registerService")) {
                Dictionary<?, ?> properties = (Dictionary<?, ?>) args[2];
                String name = properties.get("bgw.database") + " " + properties.get("bgw.read_only");
                calls.add(word + name);
                return fake(ServiceRegistration.class, "unregisters " + name);
            }
            calls.add(word);
            return null;
        }));
    }

    private List<String> next(int count) throws InterruptedException {
        List<String> found = new ArrayList<>();
        while (found.size() < count) {
            found.add(calls.poll(10, TimeUnit.SECONDS));
        }
        return found;
    }

    @Test
    void theyAreRegisteredAnewWhenTheServerBecomesReadWrite() throws InterruptedException {
        services.register(new Connectable(Set.of("a"), true));
        services.register(new Connectable(Set.of("a"), false));
        services.register(new Connectable(Set.of("a", "b"), false));
        services.register(new Connectable(Set.of("b"), false));

        assertThat(next(5)).containsExactly("registers a true", "unregisters a true", "registers a false",
                "registers b false",
                "unregisters a false");
    }
}
