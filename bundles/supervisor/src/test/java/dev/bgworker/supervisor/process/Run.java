package dev.bgworker.supervisor.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.supervisor.core.Exit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One run of a worker on a process table without a supervisor, and what happened in it. */
final class Run {

    final Processes processes;
    final RecordingProvider provider = new RecordingProvider();
    final List<String> trace = provider.trace;
    volatile Exit exit;
    volatile long pid;

    Run(Processes processes) {
        this.processes = processes;
        processes.providers.add(provider);
    }

    /** On the calling thread. */
    Exit of(WorkerMain main) {
        make(main).run();
        return exit;
    }

    /** Its thread is for the caller to start. */
    WorkerRun make(WorkerMain main) {
        return find(definition -> new FunctionLookup.Function() {
            @Override
            public WorkerMain main() { return main; }

            @Override
            public ClassLoader loader() { return Run.class.getClassLoader(); }

            @Override
            public void close() { trace.add("given back"); }
        });
    }

    /** The provider hears of its end as one that it uses does. */
    WorkerRun find(FunctionLookup lookup) {
        FunctionLookup functions = definition -> {
            processes.table.current().enlist(provider);
            return lookup.find(definition);
        };
        pid = processes.table.nextPid();
        return new WorkerRun(pid, Processes.definition("sweeper", Set.of(Flag.SHMEM_ACCESS, Flag.DATABASE_CONNECTION)),
                Optional.empty(), processes.table, functions, Map::of, new WorkerRun.Listener() {
                    @Override
                    public void entered(long who) { trace.add("entered"); }

                    @Override
                    public void ready(long who) { trace.add("ready"); }

                    @Override
                    public void exited(long who, Exit how) {
                        assertThat(processes.table.find(who)).isEmpty();
                        exit = how;
                        trace.add("exited");
                    }
                });
    }
}
