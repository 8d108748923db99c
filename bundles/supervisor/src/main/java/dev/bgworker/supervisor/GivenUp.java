package dev.bgworker.supervisor;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.supervisor.core.Exit;
import java.util.Optional;

/** What the ladder finds out, as events. Thread-safe. */
final class GivenUp implements Ladders.Listener {

    /** Set once, before the loop starts: it is made after the ladder. */
    private EventLoop loop;

    void bind(EventLoop toLoop) { loop = toLoop; }

    @Override
    public void abandoned(long pid, String where) { loop.post((supervision, now) -> supervision.abandoned(pid, where)); }

    @Override
    public void givingUp(long pid) { loop.post((supervision, now) -> supervision.givingUp(pid)); }

    @Override
    public void heldSharedState(long pid) {
        loop.post((supervision, now) -> supervision.heldSharedState(pid, "shared state"));
    }

    @Override
    public void contained(long pid) { loop.post((supervision, now) -> supervision.contained(pid)); }

    @Override
    public void calledSystemExit(long pid, ErrorData where) {
        loop.post((supervision, now) -> supervision.exited(pid, new Exit(1, Optional.of(where))));
    }
}
