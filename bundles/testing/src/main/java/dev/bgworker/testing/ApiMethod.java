package dev.bgworker.testing;

import dev.bgworker.api.Proc;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.spi.Session;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A method of the api that workers call, written {@code Spi.execute}; overloads are one. A value. */
record ApiMethod(Class<?> type, String name) {

    private static final List<String> PACKAGES = Stream
            .of(Proc.class, BackgroundWorkers.class, Latch.class, Session.class, SharedMemory.class)
            .map(Class::getPackageName).toList();

    /** As it is called. */
    static ApiMethod of(Method method) {
        return new ApiMethod(method.getDeclaringClass(), method.getName());
    }

    /**
     * By the type that has it or inherits it: {@code Transaction.lock} is {@code Scope.lock}. Of two that redefine each other,
     * as {@code Transaction.open} and {@code Scope.open}, it is the one of the type that was named.
     */
    static ApiMethod parse(String text) {
        int dot = text.lastIndexOf('.');
        Class<?> type = dot < 0 ? null : type(text.substring(0, dot));
        if (type == null) {
            throw new IllegalArgumentException("\"" + text + "\" is no method of the api: write it as \"Spi.execute\"");
        }
        String name = text.substring(dot + 1);
        return Arrays.stream(type.getMethods()).filter(each -> each.getName().equals(name))
                .map(ApiMethod::of).min((a, b) -> a.type().isAssignableFrom(b.type()) ? 1 : -1)
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is no method of the api; "
                        + type.getSimpleName() + " has " + names(type)));
    }

    private static Set<String> names(Class<?> type) {
        return Arrays.stream(type.getMethods()).map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Class<?> type(String simpleName) {
        for (String each : PACKAGES) {
            try {
                Class<?> found = Class.forName(each + "." + simpleName.replace('.', '$'), false,
                        Proc.class.getClassLoader());
                if (found.isInterface()) {
                    return found;
                }
            } catch (ClassNotFoundException expected) {
                // it may be of the next package
            }
        }
        return null;
    }

    /** Whether objects of that type are handed to workers wrapped, so that their calls are seen. */
    static boolean wraps(Class<?> type) {
        return type.isInterface() && PACKAGES.contains(type.getPackageName());
    }

    @Override
    public String toString() { return type.getSimpleName() + "." + name; }
}
