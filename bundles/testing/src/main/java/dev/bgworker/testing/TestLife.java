package dev.bgworker.testing;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.SupervisorServer;

/** The life of a supervisor in a test: promoted by it, and shut down by whoever closes the host. Thread-safe. */
record TestLife(Supervisor supervisor) implements SupervisorServer.Life {

    @Override
    public void promote() { supervisor.slow().execute(() -> supervisor.enter(State.RECOVERY_FINISHED)); }

    @Override
    public void shutdown(State mode) {
        throw new UnsupportedOperationException("the host of a test is shut down by TestHost.close");
    }
}
