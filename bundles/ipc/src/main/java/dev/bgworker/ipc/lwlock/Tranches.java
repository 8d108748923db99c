package dev.bgworker.ipc.lwlock;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The names that locks are grouped by, of one epoch: ids count from 1 and are never used again. Thread-safe. */
public final class Tranches {

    private static final int MOST = 256;
    private static final int MAX_BYTES = 63;

    private final List<String> names = new CopyOnWriteArrayList<>();

    /** {@code LWLockNewTrancheId}: equal names get ids of their own. */
    public synchronized int register(String name) {
        check(name, names.size());
        names.add(name);
        return names.size();
    }

    /** @param there how many there are already */
    public static void check(String name, int there) {
        checkName(name);
        if (there >= MOST) {
            throw new ErrorException(errcode("53000", "maximum number of tranches already registered")
                    .errdetail("No more than " + MOST + " tranches may be registered."));
        }
    }

    private static void checkName(String name) {
        if (name == null || name.isEmpty()) {
            throw new ErrorException(errcode("42602", "tranche name cannot be null or empty"));
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new ErrorException(errcode("42622", "tranche name too long")
                    .errdetail("\"" + name + "\" has " + bytes + " bytes, " + MAX_BYTES + " at most."));
        }
    }

    boolean known(int id) { return id > 0 && id <= names.size(); }

    /** How many there are: ids up to that. */
    public int count() { return names.size(); }

    /** For whoever looks at a lock. */
    public String name(int id) {
        return id == 0 ? "SpinLock" : known(id) ? names.get(id - 1) : "???";
    }
}
