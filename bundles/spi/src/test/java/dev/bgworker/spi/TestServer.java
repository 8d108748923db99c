package dev.bgworker.spi;

import dev.bgworker.api.control.Server;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;

/** The supervisor's service, of which a test gives the state. */
final class TestServer {

    private TestServer() {}

    static Server in(Supplier<Server.State> state) {
        return (Server) Proxy.newProxyInstance(Server.class.getClassLoader(), new Class<?>[]{Server.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("state")) {
                        return state.get();
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
