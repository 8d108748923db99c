package dev.bgworker.ipc.mq;

import dev.bgworker.api.ipc.ShmMq;
import java.lang.reflect.Field;

/** Whether a receiver has seen the beginning of a message and not its end; read by its name, since it tells nobody. */
public final class HalfReceived {

    private static final Field LENGTH;

    static {
        try {
            LENGTH = OwnReceiver.class.getDeclaredField("length");
            LENGTH.setAccessible(true);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private HalfReceived() {}

    public static boolean by(ShmMq.Receiver end) {
        try {
            return LENGTH.getLong(end) >= 0;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
