package dev.bgworker.supervisor.process;

import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.process.Held;

/**
 * {@code LookupBackgroundWorkerFunction}: a fresh instance of the function that a definition names, loading its library if
 * need be. Called on the worker's own thread; may take long. Raises 58P01 for a library, 42883 for a function that is not
 * there.
 */
@FunctionalInterface
public interface FunctionLookup {

    /** The instance, to be given back when main was left. */
    interface Function extends Held {

        WorkerMain main();

        /** What the thread's context class loader is while it runs. */
        ClassLoader loader();
    }

    Function find(BackgroundWorker definition);
}
