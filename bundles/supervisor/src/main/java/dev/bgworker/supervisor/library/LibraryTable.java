package dev.bgworker.supervisor.library;

import dev.bgworker.api.control.Server.LibraryRow;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * Which bundle is current for each library name: the highest version that is active. Written by {@link LibraryTracker}, per
 * library under that library's lock; read by everybody.
 */
final class LibraryTable {

    private final BundleContext context;
    /** Who is to be current, from before its {@code _PG_init} on. */
    private final Map<String, Bundle> claimed = new ConcurrentHashMap<>();
    /** Who is, when that is over. */
    private final Map<String, Bundle> current = new ConcurrentHashMap<>();
    private final Map<String, String> waiting = new ConcurrentHashMap<>();
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    LibraryTable(BundleContext context) { this.context = context; }

    /** Serialises whatever changes that library: loading, draining, replacing. */
    ReentrantLock lock(String library) {
        return locks.computeIfAbsent(library, name -> new ReentrantLock());
    }

    /** The one whose functions may be had. */
    Optional<Bundle> current(String library) { return active(current, library); }

    /** The one that is current, or is to be when its {@code _PG_init} is over. */
    Optional<Bundle> claimed(String library) {
        return active(claimed, library);
    }

    private static Optional<Bundle> active(Map<String, Bundle> bundles, String library) {
        return Optional.ofNullable(bundles.get(library)).filter(bundle -> bundle.getState() == Bundle.ACTIVE);
    }

    /** Current, or to be. */
    boolean isCurrent(Bundle bundle) { return claimed.get(bundle.getSymbolicName()) == bundle; }

    /** Whether it is current, or another version of one that is. */
    boolean isLibrary(Bundle bundle) {
        return claimed.containsKey(bundle.getSymbolicName());
    }

    /** From here on no other version's functions are had, and not yet those of this one. */
    void claim(Bundle bundle) {
        current.remove(bundle.getSymbolicName());
        claimed.put(bundle.getSymbolicName(), bundle);
    }

    void current(Bundle bundle) { current.put(bundle.getSymbolicName(), bundle); }

    void noneOf(Bundle bundle) {
        current.remove(bundle.getSymbolicName(), bundle);
        claimed.remove(bundle.getSymbolicName(), bundle);
        waiting.remove(bundle.getSymbolicName());
    }

    /** Why a current one cannot give all that it has; empty when it can. */
    void waiting(String library, String reason) {
        if (reason.isEmpty()) {
            waiting.remove(library);
        } else {
            waiting.put(library, reason);
        }
    }

    /** What was told last. */
    String waiting(String library) { return waiting.getOrDefault(library, ""); }

    /** Of several installed versions the highest comes first; of equal ones the lowest bundle id. */
    List<Bundle> installed(String library) {
        return Arrays.stream(context.getBundles()).filter(bundle -> library.equals(bundle.getSymbolicName()))
                .sorted(Comparator.comparing(Bundle::getVersion).reversed().thenComparing(Bundle::getBundleId)).toList();
    }

    /** Current ones, and the others of the same name. */
    List<LibraryRow> rows() {
        return claimed.keySet().stream().sorted().flatMap(library -> installed(library).stream()).map(this::row).toList();
    }

    private LibraryRow row(Bundle bundle) {
        String library = bundle.getSymbolicName();
        String reason = waiting(library);
        boolean mine = isCurrent(bundle);
        String state = mine ? reason.isEmpty() ? "CURRENT" : "WAITING" : "SHADOWED";
        String why = mine ? reason : "version " + claimed.get(library).getVersion() + " is current";
        return new LibraryRow(library, bundle.getVersion().toString(), file(bundle), state, why);
    }

    /** The file it came from: the last part of its location, without what makes the location unique. */
    static String file(Bundle bundle) {
        String location = bundle.getLocation();
        String name = location.substring(Math.max(location.lastIndexOf('/'), location.indexOf(':')) + 1);
        int number = location.startsWith("deploy:") ? name.lastIndexOf('#') : -1;
        return (number < 0 ? name : name.substring(0, number)).replaceAll("\\p{Cntrl}", "?");
    }
}
