package dev.bgworker.spi.recovery;

import dev.bgworker.api.host.HostSettings;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.spi.recovery.ControlFile.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * The course of the databases over starts and stops, kept in {@code pg_control}: from the first that opens until all are
 * closed well it is not "shut down", and who finds it otherwise checks. Thread-safe.
 */
public final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final String CHECK = "recovery_check";
    private static final String OPENED = "opened.";
    private static final String DAMAGED = "damaged.";
    private static final String SUSPECT = "suspect.";

    private final HostSettings settings;
    private final Clock clock;
    private final BooleanSupplier stop;
    // Guards the control file, which is small; whoever writes it must not be overtaken.
    private final ReentrantLock lock = new ReentrantLock();
    private final ControlFile control;
    // Under the lock: databases whose file is not as it was after it was opened last.
    private final Set<String> written = new HashSet<>();
    // Both under the lock: whether databases are open, and whether they were left so by the last who opened them.
    private boolean started;
    private boolean suspect;

    /**
     * @param global where {@code pg_control} is; none for a server in memory
     * @param stop whether the server shuts down, asked while it checks
     */
    public Recovery(Optional<Path> global, HostSettings settings, Clock clock, BooleanSupplier stop) {
        this.settings = settings;
        this.clock = clock;
        this.stop = stop;
        this.control = new ControlFile(global);
    }

    /** Before a database is opened: how its file is. */
    public String opening(Store store) {
        locked(() -> start(store));
        return stamp(store);
    }

    /**
     * It is open, and nobody connects yet: finds out whether it was written since it was {@link #opened} last. One that comes
     * late is checked at once, if all others were, and so is one that {@link #died}.
     *
     * @param before what {@link #opening} returned
     */
    public void accept(Store store, String before) {
        boolean now = locked(() -> {
            boolean dead = control.get(SUSPECT + store.place()) != null;
            if (dead || !before.isEmpty() && !before.equals(control.get(OPENED + store.place()))) {
                written.add(store.place());
            }
            store.damage(control.get(DAMAGED + store.place()));
            control.set(OPENED + store.place(), null);
            control.write();
            return (dead || suspect && !before.isEmpty()) && control.is(State.IN_PRODUCTION);
        });
        if (now) {
            run(List.of(store));
        }
    }

    /** The engine has closed it by itself. Until it is checked no stop is a clean one. */
    public void died(Store store) {
        locked(() -> control.set(SUSPECT + store.place(), "closed by the engine"));
        try {
            locked(control::write);
        } catch (ErrorException e) {
            // Then it says "in production", after which all are checked as well.
            LOG.error("{}", e.data().inWords(), e);
        }
    }

    /** All that opening writes is written. */
    public void opened(Store store) {
        locked(() -> {
            control.set(OPENED + store.place(), stamp(store));
            control.write();
        });
    }

    private void start(Store first) {
        if (started) {
            return;
        }
        control.read();
        boolean clean = control.is(State.SHUT_DOWN) || first.file().filter(Files::exists).isEmpty();
        if (!clean) {
            LOG.warn("database system was not properly shut down");
        }
        control.set(clean ? State.IN_PRODUCTION : State.IN_CRASH_RECOVERY);
        control.write();
        suspect = !clean;
        started = true;
    }

    /**
     * After an unclean stop, before anybody writes: reads all that {@code recovery_check} asks for.
     *
     * @return false when a shutdown came first; the next start begins anew
     */
    public boolean check(Collection<? extends Store> stores) {
        return !locked(() -> control.is(State.IN_CRASH_RECOVERY)) || run(stores);
    }

    private boolean run(Collection<? extends Store> stores) {
        Progress progress = new Progress(clock, stop);
        try {
            chosen(stores).forEach(store -> check(store, progress));
        } catch (Progress.Stopped e) {
            LOG.warn("{}; the next start begins anew", e.getMessage());
            locked(() -> {
                control.set(State.IN_CRASH_RECOVERY);
                control.write();
            });
            return false;
        }
        LOG.info("recovery check ({}) is complete: {}", settings.get(CHECK), progress);
        locked(() -> {
            stores.forEach(store -> control.set(SUSPECT + store.place(), null));
            control.set(State.IN_PRODUCTION);
            control.write();
        });
        return true;
    }

    private List<? extends Store> chosen(Collection<? extends Store> stores) {
        String how = settings.get(CHECK);
        return switch (how) {
            case "full" -> List.copyOf(stores);
            case "recent" -> locked(() -> stores.stream().filter(store -> written.contains(store.place())).toList());
            case "off" -> {
                LOG.warn("databases may be damaged and are not checked, since recovery_check is off");
                yield List.of();
            }
            default ->
                throw new ErrorException(
                        errcode("22023", "invalid value for parameter \"" + CHECK + "\": \"" + how + "\"")
                                .errhint("Available values: full, recent, off."));
        };
    }

    /** @return what is wrong with it */
    private List<String> check(Store store, Progress progress) {
        List<String> faults;
        try {
            faults = new DatabaseCheck(store, progress).run();
        } catch (SQLException e) {
            faults = List.of("its tables cannot be listed: " + e.getMessage());
        }
        faults.forEach(fault -> LOG.error("database \"{}\" is damaged: {}", store.name(), fault));
        mark(store, faults.isEmpty() ? null : String.join("; ", faults));
        return faults;
    }

    /** Known from now on, over restarts as well. */
    private void mark(Store store, String damage) {
        locked(() -> {
            control.set(DAMAGED + store.place(), damage);
            control.write();
        });
        store.damage(damage);
    }

    /** To make it anew; the check is of the interrupts of who asked for it. */
    public Rebuild rebuild(Store store, Runnable check) {
        return new Rebuild(store, clock, check);
    }

    /** It was made anew. */
    public void rebuilt(Store store) { mark(store, null); }

    /** It is no more. */
    public void dropped(String place) {
        locked(() -> {
            control.set(DAMAGED + place, null);
            control.set(OPENED + place, null);
            control.set(SUSPECT + place, null);
            written.remove(place);
            control.write();
        });
    }

    /**
     * All are closed. What was to be checked and was not still is.
     *
     * @param well with a checkpoint
     */
    public void closed(boolean well) {
        locked(() -> {
            if (well && started && control.is(State.IN_PRODUCTION) && !control.any(SUSPECT)) {
                control.set(State.SHUT_DOWN);
                control.write();
            }
            started = false;
        });
    }

    /** Time and size of its file; nothing when there is none. */
    private static String stamp(Store store) {
        if (store.file().filter(Files::exists).isEmpty()) {
            return "";
        }
        Path file = store.file().get();
        try {
            return Files.getLastModifiedTime(file).toMillis() + " " + Files.size(file);
        } catch (IOException e) {
            throw new ErrorException(errcode("58030", "could not stat file \"" + file + "\": " + e), e);
        }
    }

    private void locked(Runnable what) {
        locked(() -> {
            what.run();
            return null;
        });
    }

    private <T> T locked(Supplier<T> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }
}
