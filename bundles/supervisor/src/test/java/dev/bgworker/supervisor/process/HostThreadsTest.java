package dev.bgworker.supervisor.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.security.ProtectionDomain;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HostThreadsTest {

    private static final CountDownLatch END = new CountDownLatch(1);

    /** Code of a bundle that has the host make a thread which outlives it. */
    public static final class Caller implements UnaryOperator<Object> {

        @Override
        public Object apply(Object work) { return HostThreads.make("outlives its maker", (Runnable) work); }
    }

    private static void rest() {
        try {
            END.await();
        } catch (InterruptedException expected) { // nobody does
            Thread.currentThread().interrupt();
        }
    }

    private static final class BundleLoader extends ClassLoader {

        BundleLoader() { super(HostThreadsTest.class.getClassLoader()); }

        Thread madeByItsCode() throws ReflectiveOperationException, IOException {
            String name = Caller.class.getName();
            try (InputStream code = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = code.readAllBytes();
                Class<?> own = defineClass(name, bytes, 0, bytes.length, new ProtectionDomain(null, null, this, null));
                @SuppressWarnings("unchecked")
                UnaryOperator<Object> caller = (UnaryOperator<Object>) own.getConstructor().newInstance();
                Runnable work = HostThreadsTest::rest;
                return (Thread) caller.apply(work);
            }
        }
    }

    @Test
    @Timeout(60)
    void aThreadOfTheHostKeepsNoLoaderOfTheCodeThatHadItMade() throws Exception {
        BundleLoader loader = new BundleLoader();
        Thread thread = loader.madeByItsCode();
        thread.start();
        WeakReference<ClassLoader> watched = new WeakReference<>(loader);

        loader = null;
        for (int i = 0; i < 50 && watched.get() != null; i++) {
            System.gc();
        }

        assertThat(watched.get()).isNull();
        assertThat(thread.isAlive()).isTrue();
        END.countDown();
    }
}
