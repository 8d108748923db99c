package dev.bgworker.launcher;

import java.io.IOException;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * Context class loader of the framework's threads: finds JLine's classes and services in its bundle.
 *
 * <p>JLine looks for its terminal providers through the context class loader; without them it has no completion.
 */
final class TerminalLoader extends ClassLoader {

    private static final String JLINE = "org.jline";

    private final BundleContext framework;

    TerminalLoader(ClassLoader parent, BundleContext framework) {
        super(parent);
        this.framework = framework;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        Optional<Bundle> jline = name.startsWith(JLINE + ".") ? jline() : Optional.empty();
        return jline.orElseThrow(() -> new ClassNotFoundException(name)).loadClass(name);
    }

    @Override
    protected URL findResource(String name) {
        return isService(name) ? jline().map(bundle -> bundle.getResource(name)).orElse(null) : null;
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
        Optional<Bundle> jline = isService(name) ? jline() : Optional.empty();
        Enumeration<URL> found = jline.isPresent() ? jline.get().getResources(name) : null;
        return found == null ? Collections.emptyEnumeration() : found;
    }

    private static boolean isService(String name) { return name.startsWith("META-INF/services/org/jline"); }

    private Optional<Bundle> jline() {
        return Arrays.stream(framework.getBundles()).filter(bundle -> JLINE.equals(bundle.getSymbolicName())).findFirst();
    }
}
