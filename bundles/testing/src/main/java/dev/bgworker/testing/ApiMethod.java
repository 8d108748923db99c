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

/**
 * A method of the api that workers call, written {@code Spi.execute}; overloads are one, and one that is inherited is also that
 * of the type that has it. A value.
 *
 * @param type of the api, or of an object that was called
 */
record ApiMethod(Class<?> type, String name) {

    private static final List<String> PACKAGES = Stream
            .of(Proc.class, BackgroundWorkers.class, Latch.class, Session.class, SharedMemory.class)
            .map(Class::getPackageName).toList();

    /** As that object is called, whatever the caller takes it for: the commit of a transaction is also one of a scope. */
    static ApiMethod of(Object called, Method method) {
        return new ApiMethod(called.getClass(), method.getName());
    }

    /** Whether a call of that is one of this: the same method, of an object of this type. */
    boolean covers(ApiMethod called) {
        return name.equals(called.name) && type.isAssignableFrom(called.type);
    }

    static ApiMethod parse(String text) {
        int dot = text.lastIndexOf('.');
        Class<?> type = dot < 0 ? null : type(text.substring(0, dot));
        if (type == null) {
            throw new IllegalArgumentException("\"" + text + "\" is no method of the api: write it as \"Spi.execute\"");
        }
        String name = text.substring(dot + 1);
        if (!names(type).contains(name)) {
            throw new IllegalArgumentException("\"" + text + "\" is no method of the api; " + type.getSimpleName() + " has "
                    + names(type));
        }
        return new ApiMethod(type, name);
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
