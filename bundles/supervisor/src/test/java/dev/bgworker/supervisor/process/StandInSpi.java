package dev.bgworker.supervisor.process;

import dev.bgworker.api.control.Server;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;

/** In the place of spi: does that while a process connects, and gives it no session. */
class StandInSpi implements WorkerResource<ConnectTo, Session> {

    private final Runnable connecting;

    StandInSpi(Runnable connecting) { this.connecting = connecting; }

    @Override
    public Class<Session> type() { return Session.class; }

    @Override
    public Session attach(ProcArray.Entry proc, ConnectTo how) {
        connecting.run();
        return null;
    }

    @Override
    public void release(ProcArray.Entry proc, Phase phase, Scope scope, boolean commit) {}

    @Override
    public void abort(ProcArray.Entry proc) {}

    @Override
    public boolean fence(ProcArray.Entry proc) { return false; }

    @Override
    public void rebuild(long epoch) {}

    @Override
    public void enter(Server.State state) {}
}
