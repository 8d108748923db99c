package dev.bgworker.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Scope;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process is given up, or its epoch ends, between two steps of what it does just then. */
class GivenUpMeanwhileTest {

    private final IpcHost host = IpcHost.start();
    private final Peer peer = host.peer("given up");
    private final Peer witness = host.peer("witness");

    @AfterEach
    void stop() { host.close(); }

    /** What the other does, and before each call of these methods that. */
    private static <T> T before(Class<T> type, T other, Map<String, Runnable> methods) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, called, args) -> {
            methods.getOrDefault(called.getName(), () -> {}).run();
            return call(other, called, args);
        }));
    }

    private static Object call(Object other, Method called, Object[] args) throws Throwable {
        try {
            return called.invoke(other, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Test
    @Tag("R170")
    void segmentMadeByOneThatIsGivenUpIsNotLeft() {
        long last = witness.run(me -> me.shmem().createSegment(me.scope(), 64).handle());

        ErrorException told = catchThrowableOfType(ErrorException.class, () -> peer.run(me -> {
            Scope owner = before(Scope.class, me.scope(), Map.of("own", () -> host.fence(me.pid())));
            return me.shmem().createSegment(owner, 64);
        }));

        assertThat(told.data().sqlState()).isEqualTo("55000");
        boolean left = witness.run(me -> me.shmem().attachSegment(me.scope(), last + 1).isPresent());
        assertThat(left).isFalse();
    }

    /** What is thrown when that happens while the process attaches; nothing of it is left then. */
    private Throwable attach(Consumer<ProcArray.Entry> meanwhile, Supplier<Error> sticky) {
        return peer.run(me -> {
            ProcArray.Entry real = host.entry(me);
            AtomicInteger woken = new AtomicInteger();
            AtomicReference<ProcArray.Entry> self = new AtomicReference<>();
            // "epoch" is asked for when the state of now has been read, and the process is not known yet.
            self.set(before(ProcArray.Entry.class, real, Map.of(
                    "epoch", () -> meanwhile.accept(self.get()),
                    "checkCall", () -> {
                        if (sticky.get() != null) {
                            throw sticky.get();
                        }
                    },
                    "wake", woken::incrementAndGet)));
            Throwable thrown = catchThrowable(() -> host.provider().attach(self.get(), null));
            host.provider().fence(self.get());
            assertThat(woken).hasValue(0);
            return thrown;
        });
    }

    @Test
    @Tag("R47")
    void whoIsGivenUpWhileItAttachesHasNothing() {
        Error dead = new Error("given up");
        AtomicReference<Error> sticky = new AtomicReference<>();

        Throwable told = attach(proc -> {
            host.provider().fence(proc);
            sticky.set(dead);
        }, sticky::get);

        assertThat(told).isSameAs(dead);
    }

    @Test
    void whoAttachesWhileItsEpochEndsIsTold() {
        assertThat(attach(proc -> host.rebuild(1), () -> null))
                .isInstanceOfSatisfying(ErrorException.class, told -> {
                    assertThat(told.data().sqlState()).isEqualTo("55000");
                    assertThat(told.data().message()).contains("a crash ended it");
                });
    }
}
