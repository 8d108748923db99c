package dev.bgworker.itests;

import org.awaitility.Awaitility;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Backends;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.Server.LibraryRow;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The running host of a test class, as tests use it. */
public final class Host {

    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final BundleContext context;
    private final Server server;

    public Host(BundleContext context) {
        this.context = context;
        this.server = service(Server.class, context);
        patiently().until(() -> server.state() == Server.State.RECOVERY_FINISHED);
    }

    /** For what no handle tells. */
    public static ConditionFactory patiently() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20)).atMost(LONGEST);
    }

    /** The service as that bundle sees it. */
    public static <S> S service(Class<S> type, BundleContext user) {
        ServiceReference<S> reference = patiently().until(() -> user.getServiceReference(type), found -> found != null);
        return user.getService(reference);
    }

    public Server server() { return server; }

    public BackgroundWorkers workers() { return service(BackgroundWorkers.class, context); }

    public Backends backends() { return service(Backends.class, context); }

    public Path folder(String name) { return Path.of(context.getProperty("bgw.home")).resolve(name); }

    /** A bundle of the distribution outside of system/. */
    public Path shipped(String folder, String name) {
        try (Stream<Path> files = Files.list(Path.of(context.getProperty("itests.distribution")).resolve(folder))) {
            return files.filter(each -> each.getFileName().toString().matches(name + "-\\d.*\\.jar")).findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where a test may write what is not yet dropped; the same file system as deploy/. */
    public Path scratch(String name) {
        return folder("scratch").resolve(name);
    }

    /** Writes the bundle beside and moves it into deploy/, at once. */
    public void drop(TestBundle bundle, String name) {
        move(bundle.write(scratch(name)), folder("deploy").resolve(name));
    }

    /** The same with a built bundle. */
    public void drop(Path built, String name) {
        try {
            Files.createDirectories(scratch(""));
            move(Files.copy(built, scratch(name), StandardCopyOption.REPLACE_EXISTING), folder("deploy").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes it out of deploy/. */
    public void remove(String name) {
        try {
            Files.delete(folder("deploy").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file of etc/. */
    public void configure(String file, String... lines) {
        try {
            Path beside = Files.write(Files.createDirectories(scratch("")).resolve(file), List.of(lines));
            move(beside, folder("etc").resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<WorkerDetails> worker(String name) {
        return server.workers().stream().filter(each -> each.definition().name().equals(name)).findFirst();
    }

    /** Waits until the worker is as told; fails with its details. */
    public WorkerDetails await(String worker, Predicate<WorkerDetails> wanted) {
        return patiently().alias(worker).until(() -> worker(worker), found -> found.filter(wanted).isPresent())
                .orElseThrow();
    }

    /** Waits until the worker is in that state. */
    public WorkerDetails await(String worker, State state) {
        return await(worker, found -> found.state() == state);
    }

    /** Waits until the worker has initialised itself. */
    public WorkerDetails awaitReady(String worker) {
        return await(worker, found -> found.state() == State.RUNNING && found.ready());
    }

    /** Waits until a later run than the one with that pid has initialised itself. */
    public WorkerDetails awaitReadyAfter(String worker, long pid) {
        return await(worker, found -> found.state() == State.RUNNING && found.ready() && found.pid() > pid);
    }

    public void awaitGone(String worker) { patiently().alias(worker + " gone").until(() -> worker(worker).isEmpty()); }

    public BackgroundWorkerHandle handle(String worker) {
        return workers().list().stream().filter(each -> each.details().definition().name().equals(worker)).findFirst()
                .orElseThrow();
    }

    /** Waits for a row of that file in {@code bgw:libs}; one that runs and whose replacement was refused has two. */
    public LibraryRow awaitFile(String file, String state) {
        return patiently().alias(file + " " + state).until(() -> rows(file).filter(
                row -> row.state().equals(state)).findFirst(), Optional::isPresent).orElseThrow();
    }

    private Stream<LibraryRow> rows(String file) {
        return server.libraries().stream().filter(each -> each.file().endsWith(file));
    }

    /** Waits until it has no row in that state any more. */
    public void awaitFileNot(String file, String state) {
        patiently().alias(file + " not " + state).until(() -> rows(file).noneMatch(row -> row.state().equals(state)));
    }

    public Optional<LibraryRow> file(String file) { return rows(file).findFirst(); }

    public Optional<Bundle> bundle(String symbolicName, String version) {
        return Stream.of(context.getBundles()).filter(each -> symbolicName.equals(each.getSymbolicName()))
                .filter(each -> each.getVersion().toString().equals(version)).findFirst();
    }

    /** Lines of the log with that text, once there is one: a line may come after what it tells can be seen. */
    public List<String> awaitLog(String text) {
        return patiently().alias("log: " + text).until(() -> log(text), lines -> !lines.isEmpty());
    }

    private List<String> log(String text) {
        try {
            return Files.readAllLines(folder("log/bgworkerd.log")).stream().filter(line -> line.contains(text)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Executes one statement in a transaction of a backend; the number of rows, or the one value of a SELECT. */
    public long sql(String sql, Object... args) {
        try (Backend backend = backends().open("itests")) {
            backend.interrupts().unblock();
            Transaction transaction = backend.connect(ConnectTo.database("postgres")).startTransaction();
            long value;
            try (Spi spi = transaction.connect()) {
                SpiResult result = spi.execute(sql, false, 0, args);
                value = result.code() == SpiResult.Code.OK_SELECT ? result.get(0, 1, Long.class) : result.processed();
            }
            transaction.commit();
            return value;
        }
    }
}
