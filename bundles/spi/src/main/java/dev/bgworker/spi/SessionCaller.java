package dev.bgworker.spi;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.spi.functions.FunctionCaller;
import dev.bgworker.spi.functions.FunctionHost;

/** The session of a process, as SQL functions see it. Owner thread only. */
record SessionCaller(SpiSession session, String role, FunctionHost host) implements FunctionCaller {

    @Override
    public ProcArray.Entry entry() { return session.caller().entry(); }

    @Override
    public boolean superuser() { return host.superusers().test(role); }

    /** Inside a statement, so there is one. */
    @Override
    public void asyncNotify(String channel, String payload) {
        session.transaction().orElseThrow().asyncNotify(channel, payload);
    }

    @Override
    public void acted() { session.acted(); }
}
