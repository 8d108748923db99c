package dev.bgworker.supervisor.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoaderHoldersTest {

    /** Runs in a class of the loader under test. */
    public static final class Sitting implements Runnable {

        private final CountDownLatch until;
        private final CountDownLatch there;

        public Sitting(CountDownLatch until, CountDownLatch there) {
            this.until = until;
            this.there = there;
        }

        @Override
        public void run() {
            there.countDown();
            try {
                until.await();
            } catch (InterruptedException expected) { // the end of the test
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A bundle's: has classes of its own under names that another one has, too. */
    private static final class OwnLoader extends ClassLoader {

        OwnLoader() { super(LoaderHoldersTest.class.getClassLoader()); }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Sitting.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            try (InputStream code = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = code.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private final CountDownLatch end = new CountDownLatch(1);
    private final ClassLoader old = new OwnLoader();

    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void letGo() throws InterruptedException {
        end.countDown();
        for (Thread each : threads) {
            LockSupport.unpark(each);
            each.join();
        }
    }

    private void sit(String name, ClassLoader code, ClassLoader context) throws Exception {
        CountDownLatch there = new CountDownLatch(1);
        Runnable sitting = (Runnable) code.loadClass(Sitting.class.getName())
                .getConstructor(CountDownLatch.class, CountDownLatch.class).newInstance(end, there);
        Thread thread = new Thread(sitting, name);
        thread.setContextClassLoader(context);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
        there.await();
    }

    private List<String> named(String part) {
        return LoaderHolders.of(old).stream().filter(each -> each.contains(part)).toList();
    }

    @Test
    void aThreadInOneOfItsMethodsIsNamedWithThePlace() throws Exception {
        sit("holder in code", old, null);

        assertThat(named("holder in code")).singleElement().asString().contains("Sitting.run");
    }

    @Test
    void aThreadWhoseContextClassLoaderItIsIsNamed() throws Exception {
        Thread thread = new Thread(() -> LockSupport.park(), "holder by context");
        thread.setContextClassLoader(old);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);

        assertThat(named("holder by context")).singleElement().asString().contains("context class loader");
    }

    @Test
    void aThreadOfTheNextVersionWithClassesOfTheSameNamesIsNot() throws Exception {
        ClassLoader next = new OwnLoader();
        sit("next version", next, next);
        old.loadClass(Sitting.class.getName());

        assertThat(named("next version")).isEmpty();
    }

    @Test
    void nobodyIsNamedForALoaderThatNoThreadUses() { assertThat(LoaderHolders.of(new OwnLoader())).isEmpty(); }
}
