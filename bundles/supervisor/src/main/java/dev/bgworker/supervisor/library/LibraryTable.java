package dev.bgworker.supervisor.library;

import dev.bgworker.api.control.Server.LibraryRow;
import dev.bgworker.api.process.ErrorData;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * Which bundle is current for each library name: the highest version that is active, of equal ones the lowest bundle id.
 * Written by {@link LibraryTracker}, per library under that library's lock; read by everybody.
 */
final class LibraryTable {

    /** Best first. */
    static final Comparator<Bundle> ORDER = Comparator.comparing(Bundle::getVersion).reversed()
            .thenComparing(Bundle::getBundleId);

    private final BundleContext context;
    private final LibraryLocks locks = new LibraryLocks();
    /** Who is to be current, from before its {@code _PG_init} on. */
    private final Map<String, Bundle> claimed = new ConcurrentHashMap<>();
    /** Who is, when that is over. */
    private final Map<String, Bundle> current = new ConcurrentHashMap<>();
    private final Map<String, String> waiting = new ConcurrentHashMap<>();
    private final Map<String, ErrorData> failedInits = new ConcurrentHashMap<>();
    private final Set<Bundle> stoppedByHand = ConcurrentHashMap.newKeySet();

    LibraryTable(BundleContext context) { this.context = context; }

    LibraryLocks locks() { return locks; }

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

    /** Whether it is current, or another version of one that is, or would be had nobody stopped it. */
    boolean isLibrary(Bundle bundle) {
        return claimed.containsKey(bundle.getSymbolicName()) || stoppedByHand.contains(bundle);
    }

    /** From here on no other version's functions are had, and not yet those of this one. */
    void claim(Bundle bundle) {
        current.remove(bundle.getSymbolicName());
        failedInits.remove(bundle.getSymbolicName());
        claimed.put(bundle.getSymbolicName(), bundle);
    }

    void current(Bundle bundle) { current.put(bundle.getSymbolicName(), bundle); }

    void noneOf(Bundle bundle) {
        current.remove(bundle.getSymbolicName(), bundle);
        if (claimed.remove(bundle.getSymbolicName(), bundle)) {
            waiting.remove(bundle.getSymbolicName());
            failedInits.remove(bundle.getSymbolicName());
        }
    }

    /** Somebody wants it down: it stays down until somebody starts it, and the next version takes over. */
    void stoppedByHand(Bundle bundle) {
        stoppedByHand.add(bundle);
    }

    void startedOrGone(Bundle bundle) { stoppedByHand.remove(bundle); }

    boolean mayStart(Bundle bundle) { return !stoppedByHand.contains(bundle); }

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

    /** Its {@code _PG_init} raised that. */
    void initFailed(String library, ErrorData why) { failedInits.put(library, why); }

    Optional<ErrorData> failedInit(String library) { return Optional.ofNullable(failedInits.get(library)); }

    /** All installed versions, best first. */
    List<Bundle> installed(String library) {
        return Arrays.stream(context.getBundles()).filter(bundle -> library.equals(bundle.getSymbolicName())).sorted(ORDER)
                .toList();
    }

    /** Current ones, and the others of the same name. */
    List<LibraryRow> rows() {
        return Stream.concat(claimed.keySet().stream(), stoppedByHand.stream().map(Bundle::getSymbolicName)).distinct()
                .sorted().flatMap(library -> installed(library).stream()).filter(this::isLibrary).map(this::row).toList();
    }

    private LibraryRow row(Bundle bundle) {
        String library = bundle.getSymbolicName();
        Optional<Bundle> winner = Optional.ofNullable(claimed.get(library));
        if (winner.filter(bundle::equals).isPresent()) {
            String reason = waiting(library);
            String init = failedInit(library).map(why -> "its init failed: " + why.message()).orElse("");
            return row(bundle, reason.isEmpty() ? "CURRENT" : "WAITING", reason.isEmpty() ? init : reason);
        }
        if (stoppedByHand.contains(bundle)) {
            return row(bundle, "STOPPED", "its bundle was stopped and stays so until somebody starts it"
                    + winner.map(each -> "; " + isCurrent(each, bundle)).orElse(""));
        }
        return row(bundle, "SHADOWED", winner.map(each -> isCurrent(each, bundle)).orElse("no version is current now"));
    }

    private static String isCurrent(Bundle winner, Bundle other) {
        boolean same = winner.getVersion().equals(other.getVersion());
        return "version " + winner.getVersion() + " is current"
                + (same ? ", from bundle " + winner.getBundleId() + ": of equal versions the lowest bundle id" : "");
    }

    private static LibraryRow row(Bundle bundle, String state, String reason) {
        return new LibraryRow(bundle.getSymbolicName(), bundle.getVersion().toString(), file(bundle), state, reason);
    }

    /** Dropped, or loaded on first need; all others are the host's, or an operator's. */
    static boolean ours(Bundle bundle) {
        return bundle.getLocation().startsWith(DroppedBundles.LOCATION)
                || bundle.getLocation().startsWith(PathLibraries.LOCATION);
    }

    /** The file it came from: the last part of its location, without what makes the location unique. */
    static String file(Bundle bundle) {
        String location = bundle.getLocation();
        String name = location.substring(Math.max(location.lastIndexOf('/'), location.indexOf(':')) + 1);
        int number = ours(bundle) ? name.lastIndexOf('#') : -1;
        return (number < 0 ? name : name.substring(0, number)).replaceAll("\\p{Cntrl}", "?");
    }
}
