package dev.bgworker.supervisor.process;

import dev.bgworker.api.control.Server;
import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.host.WorkerResource;
import dev.bgworker.api.process.Scope;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A provider that does nothing but write down what it was asked to do, between what others write there. */
public class RecordingProvider implements WorkerResource<Object, String> {

    public final List<String> trace = new CopyOnWriteArrayList<>();

    @Override
    public Class<String> type() { return String.class; }

    @Override
    public String attach(ProcArray.Entry proc, Object how) {
        trace.add("attach " + how);
        return "attached";
    }

    @Override
    public void release(ProcArray.Entry proc, Phase phase, Scope scope, boolean commit) {
        trace.add(phase + (commit ? " commit" : ""));
    }

    @Override
    public void abort(ProcArray.Entry proc) { trace.add("abort"); }

    @Override
    public boolean fence(ProcArray.Entry proc) {
        trace.add("fence");
        return false;
    }

    @Override
    public void rebuild(long epoch) { trace.add("rebuild " + epoch); }

    @Override
    public void enter(Server.State state) { trace.add("enter " + state); }
}
