package dev.bgworker.supervisor.library;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** The class loaders of versions that were current, handed to the watch when their wiring goes. Thread-safe. */
final class LibraryLoaders {

    private final LoaderWatch watch;
    private final Map<Long, LoaderWatch.Gone> byBundle = new ConcurrentHashMap<>();

    LibraryLoaders(LoaderWatch watch) { this.watch = watch; }

    /** It becomes current: from now on its code may be run. */
    void current(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring == null) {
            return;
        }
        WeakReference<BundleWiring> users = new WeakReference<>(wiring);
        LoaderWatch.Gone now = new LoaderWatch.Gone(bundle.getSymbolicName(), bundle.getVersion().toString(),
                LibraryTable.file(bundle), new WeakReference<>(wiring.getClassLoader()), () -> wired(users));
        LoaderWatch.Gone before = byBundle.put(bundle.getBundleId(), now);
        if (before != null && !before.loader().refersTo(wiring.getClassLoader())) {
            watch.gone(before);
        }
    }

    /** It was uninstalled, updated or resolved anew. */
    void rewired(Bundle bundle) {
        LoaderWatch.Gone known = byBundle.get(bundle.getBundleId());
        if (known == null) {
            return;
        }
        BundleWiring now = bundle.getState() == Bundle.UNINSTALLED ? null : bundle.adapt(BundleWiring.class);
        if (now == null || !known.loader().refersTo(now.getClassLoader())) {
            byBundle.remove(bundle.getBundleId(), known);
            watch.gone(known);
        }
    }

    private static List<String> wired(WeakReference<BundleWiring> gone) {
        BundleWiring wiring = gone.get();
        List<BundleWire> wires = wiring == null || !wiring.isInUse() ? null : wiring.getProvidedWires(null);
        return wires == null
                ? List.of()
                : wires.stream().map(each -> each.getRequirer().getBundle()).distinct()
                        .map(each -> "bundle " + each.getSymbolicName() + " " + each.getVersion() + ", which is wired to it")
                        .toList();
    }
}
