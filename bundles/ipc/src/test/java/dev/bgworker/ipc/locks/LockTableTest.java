package dev.bgworker.ipc.locks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.process.LockMode;
import dev.bgworker.ipc.locks.Request.State;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LockTableTest {

    private final LockTable table = new LockTable();

    /** Is given up, and all taken from it, when it has been found to be well and is not in the table yet. */
    private final class GivenUpWhileItAsks extends Locker {

        private boolean asked;

        GivenUpWhileItAsks() { super(null); }

        @Override
        boolean fenced() {
            if (!asked) {
                asked = true;
                fence();
                table.expel(this);
                return false;
            }
            return super.fenced();
        }
    }

    private State ask(Locker locker) {
        Request request = new Request(locker, LockMode.EXCLUSIVE);
        table.ask("x", request, true);
        return request.state();
    }

    @Test
    @Tag("R47")
    void lockGrantedWhileItsProcessIsGivenUpIsFree() {
        assertThat(ask(new GivenUpWhileItAsks())).isEqualTo(State.GONE);

        assertThat(ask(new Locker(null))).isEqualTo(State.GRANTED);
    }
}
