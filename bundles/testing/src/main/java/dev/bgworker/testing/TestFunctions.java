package dev.bgworker.testing;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.supervisor.process.FunctionLookup;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import static dev.bgworker.api.process.ErrorData.errcode;

/** The functions that a test has made known, by library and name. Thread-safe. */
final class TestFunctions implements FunctionLookup {

    private record Name(String library, String function) {}

    private record Found(WorkerMain main, ClassLoader loader) implements FunctionLookup.Function {

        @Override
        public void close() {}
    }

    private final Map<Name, Supplier<WorkerMain>> byName = new ConcurrentHashMap<>();
    private final CallRecords calls;
    private final HostLog log;

    /**
     * @param calls by which each worker's calls go
     * @param log of all runs
     */
    TestFunctions(CallRecords calls, HostLog log) {
        this.calls = calls;
        this.log = log;
    }

    void add(String library, String function, Supplier<WorkerMain> makes) { byName.put(new Name(library, function), makes); }

    @Override
    public Function find(BackgroundWorker definition) {
        log.mark();
        Calls own = calls.begins();
        Supplier<WorkerMain> makes = byName.get(new Name(definition.libraryName(), definition.functionName()));
        if (makes == null) {
            throw new ErrorException(errcode("42883", "could not find function \"" + definition.functionName()
                    + "\" in library \"" + definition.libraryName() + "\"")
                    .errhint("Make it known with TestHost.function."));
        }
        WorkerMain main = makes.get();
        return new Found(worker -> main.main(own.watched(worker)), main.getClass().getClassLoader());
    }
}
