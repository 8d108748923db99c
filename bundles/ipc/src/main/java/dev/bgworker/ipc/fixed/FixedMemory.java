package dev.bgworker.ipc.fixed;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.Library;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.fixed.Requests.Area;
import dev.bgworker.ipc.fixed.Requests.Tranche;
import dev.bgworker.ipc.lwlock.Tranches;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Epoch;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The request phase: what libraries ask for, and the fixed memory of the present epoch, which is made of that. A library that
 * is loaded while the host runs has a request phase of its own, and its hooks are run at once. Thread-safe, by its monitor;
 * hooks run outside of it, on the thread that builds or loads.
 */
public final class FixedMemory {

    private static final int MAX_AREA_NAME = 47;
    private static final int MAX_TRANCHE_COUNT = 1 << 20;

    /** Runs that hook on memory of that epoch. */
    @FunctionalInterface
    public interface HookRunner {
        void run(Consumer<SharedMemory> hook, Fixed memory);
    }

    private final HookRunner runner;
    private final Map<String, Requests> libraries = new LinkedHashMap<>();
    private Fixed current;

    public FixedMemory(HookRunner runner) { this.runner = runner; }

    /** The library is loaded, perhaps once more: what it asked for before no longer counts, and it is the last now (R136). */
    public synchronized Library.Init loading(String library) {
        Requests requests = new Requests(library, this);
        libraries.remove(library);
        libraries.put(library, requests);
        return requests;
    }

    /** Its code goes, so its hooks do; what it requested stays as it is, and is requested anew when it comes back. */
    public synchronized void unloaded(String library) {
        Requests gone = libraries.get(library);
        if (gone != null) {
            gone.hooks().clear();
        }
    }

    /** Zeroed memory of a new epoch, before anybody else sees it: the hooks have run on it. */
    public Fixed build(Epoch epoch) {
        Fixed made = new Fixed(epoch);
        List<Consumer<SharedMemory>> hooks;
        synchronized (this) {
            for (Requests each : libraries.values()) {
                each.areas().forEach(made::reserve);
                each.tranches().forEach(made::create);
            }
            hooks = libraries.values().stream().flatMap(each -> each.hooks().stream()).toList();
            current = made;
        }
        hooks.forEach(hook -> runner.run(hook, made));
        return made;
    }

    synchronized void request(Requests from, Area area) {
        checkArea(area.name(), area.size());
        owner(area.name(), each -> each.areas().stream().anyMatch(there -> there.name().equals(area.name())))
                .ifPresent(other -> {
                    throw twice("shared memory \"" + area.name() + "\"", other);
                });
        if (current != null) {
            current.reserve(area);
        }
        from.areas().add(area);
    }

    synchronized void request(Requests from, Tranche tranche) {
        if (tranche.count() <= 0 || tranche.count() > MAX_TRANCHE_COUNT) {
            throw new ErrorException(errcode("22023", "invalid number of locks: " + tranche.count())
                    .errdetail("A tranche has 1 to " + MAX_TRANCHE_COUNT + " locks."));
        }
        owner(tranche.name(), each -> each.tranches().stream().anyMatch(there -> there.name().equals(tranche.name())))
                .ifPresent(other -> {
                    throw twice("tranche \"" + tranche.name() + "\"", other);
                });
        if (current != null) {
            current.create(tranche);
        } else {
            Tranches.check(tranche.name(), libraries.values().stream().mapToInt(each -> each.tranches().size()).sum());
        }
        from.tranches().add(tranche);
    }

    void request(Requests from, Consumer<SharedMemory> hook) {
        Fixed now;
        synchronized (this) {
            from.hooks().add(hook);
            now = current;
        }
        if (now != null) {
            runNow(from, hook, now);
        }
    }

    /** It counts only if it did not fail, since one that fails at a crash reset ends the host. */
    private void runNow(Requests from, Consumer<SharedMemory> hook, Fixed now) {
        boolean kept = false;
        try {
            runner.run(hook, now);
            kept = true;
        } catch (ErrorException expected) { // of memory that went meanwhile: whoever builds the next runs it on that
            kept = now.epoch().over();
            if (!kept) {
                throw expected;
            }
        } finally {
            if (!kept) {
                forget(from, hook);
            }
        }
    }

    private synchronized void forget(Requests from, Consumer<SharedMemory> hook) { from.hooks().remove(hook); }

    private Optional<Requests> owner(String name, Predicate<Requests> has) {
        return name == null ? Optional.empty() : libraries.values().stream().filter(has).findFirst();
    }

    private static ErrorException twice(String what, Requests by) {
        ErrorData data = errcode("42710", what + " is requested twice");
        return new ErrorException(data.errdetail("Library \"" + by.library() + "\" has requested it already."));
    }

    static void checkArea(String name, long size) {
        if (name == null || name.isEmpty()) {
            throw new ErrorException(errcode("22023", "shared memory without a name is requested"));
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_AREA_NAME) {
            throw new ErrorException(errcode("42622", "name of shared memory is too long")
                    .errdetail("\"" + name + "\" has " + bytes + " bytes, " + MAX_AREA_NAME + " at most."));
        } else if (size <= 0 || size > Bytes.MAX_SIZE) {
            throw new ErrorException(errcode("22023", "invalid size of shared memory \"" + name + "\": " + size)
                    .errdetail("An area has 1 to " + Bytes.MAX_SIZE + " bytes."));
        }
    }
}
