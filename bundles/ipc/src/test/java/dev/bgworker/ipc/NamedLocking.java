package dev.bgworker.ipc;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What peers do with named locks. */
final class NamedLocking {

    private NamedLocking() {}

    static Held lock(Peer peer, String name, LockMode mode) { return peer.run(me -> me.scope().lock(name, mode)); }

    static void unlock(Peer peer, Held held) {
        peer.run(me -> {
            held.close();
            return null;
        });
    }

    /** Whether that peer could have it for itself. */
    static boolean free(Peer peer, String name) {
        return peer.<Boolean>run(me -> {
            var held = me.scope().tryLock(name, LockMode.EXCLUSIVE);
            held.ifPresent(Held::close);
            return held.isPresent();
        });
    }

    static ErrorData error(ThrowingCallable call) { return catchThrowableOfType(ErrorException.class, call).data(); }
}
