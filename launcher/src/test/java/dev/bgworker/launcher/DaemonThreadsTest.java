package dev.bgworker.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {

    @Test
    void threadInheritsNeitherLoaderNorThreadLocals() throws Exception {
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        local.set("worker");
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        String[] seen = {"not run"};
        try (URLClassLoader library = new URLClassLoader(new URL[0])) {
            current.setContextClassLoader(library);
            Thread thread = new DaemonThreads().newThread(() -> seen[0] = local.get());
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getContextClassLoader()).isNull();
            thread.start();
            thread.join();
        } finally {
            current.setContextClassLoader(before);
        }
        assertThat(seen[0]).isNull();
    }
}
