package dev.bgworker.spi;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.spi.functions.FunctionCaller;
import dev.bgworker.spi.functions.FunctionHost;

/** A session as SQL functions see it. On the thread that executes its statements. */
final class SessionCaller implements FunctionCaller {

    private final SpiSession session;
    private final String role;
    private final FunctionHost host;
    // The executing thread only.
    private int deeds;

    /** @param role as whom it is connected, named or not */
    SessionCaller(SpiSession session, String role, FunctionHost host) {
        this.session = session;
        this.role = role;
        this.host = host;
    }

    @Override
    public ProcArray.Entry entry() { return session.caller().entry(); }

    @Override
    public String role() { return role; }

    @Override
    public boolean superuser() { return host.superusers().test(role); }

    @Override
    public FunctionHost host() { return host; }

    /** Inside a statement, so there is one. */
    @Override
    public void asyncNotify(String channel, String payload) {
        session.transaction().orElseThrow().asyncNotify(channel, payload);
    }

    @Override
    public void acted() { deeds++; }

    /** How often a function did what no rollback undoes. */
    int deeds() { return deeds; }
}
