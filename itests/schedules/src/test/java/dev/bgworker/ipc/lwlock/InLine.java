package dev.bgworker.ipc.lwlock;

import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.ipc.lwlock.WaitList.Waiter;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;

/** Who waits for a lock, oldest first. What the lock tells nobody is read by its name. */
public record InLine(Object waiter, boolean exclusive) {

    private static final Method WAITERS;
    private static final Field EXCLUSIVE;

    static {
        try {
            WAITERS = OwnLWLock.class.getDeclaredMethod("waiters");
            WAITERS.setAccessible(true);
            EXCLUSIVE = Waiter.class.getDeclaredField("exclusive");
            EXCLUSIVE.setAccessible(true);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    public static List<InLine> of(LWLock lock) {
        try {
            return ((WaitList) WAITERS.invoke(lock)).waiting().stream().map(InLine::of).toList();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InLine of(Waiter waiter) {
        try {
            return new InLine(waiter, EXCLUSIVE.getBoolean(waiter));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
