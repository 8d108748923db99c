package dev.bgworker.supervisor.library;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The threads that keep a class loader alive, as far as a JVM tells: by their class, context class loader, or stack. */
final class LoaderHolders {

    private final ClassLoader loader;
    /** Whether it defined the class of that name. */
    private final Map<String, Boolean> defined = new HashMap<>();

    private LoaderHolders(ClassLoader loader) { this.loader = loader; }

    /** One entry per thread: its name, and how it holds the loader. */
    static List<String> of(ClassLoader loader) {
        LoaderHolders holders = new LoaderHolders(loader);
        List<String> found = new ArrayList<>();
        Thread.getAllStackTraces().forEach((thread, stack) -> holders.how(thread, stack)
                .ifPresent(how -> found.add("thread \"" + thread.getName() + "\" (" + how + ")")));
        return found.stream().sorted().toList();
    }

    private Optional<String> how(Thread thread, StackTraceElement[] stack) {
        ClassLoader context = thread.getContextClassLoader();
        Optional<String> place = context == null || context == loader || !isTwin(context, stack)
                ? Stream.of(stack).filter(each -> isDefined(each.getClassName())).findFirst().map(each -> "it is in " + each)
                : Optional.empty();
        if (place.isPresent()) {
            return place;
        }
        if (context == loader) {
            return Optional.of("it is its context class loader");
        }
        return thread.getClass().getClassLoader() == loader
                ? Optional.of("it is a " + thread.getClass().getName())
                : Optional.empty();
    }

    /** A stack tells names of classes only: a thread of the next version runs classes of the same names. */
    private boolean isTwin(ClassLoader context, StackTraceElement[] stack) {
        return Stream.of(stack).map(StackTraceElement::getClassName).filter(this::isDefined).findFirst()
                .filter(name -> defines(context, name)).isPresent();
    }

    private boolean isDefined(String name) { return defined.computeIfAbsent(name, key -> defines(loader, key)); }

    private static boolean defines(ClassLoader loader, String name) {
        try {
            return Class.forName(name, false, loader).getClassLoader() == loader;
        } catch (ClassNotFoundException | LinkageError | RuntimeException expected) { // then it is none of its classes
            return false;
        }
    }
}
