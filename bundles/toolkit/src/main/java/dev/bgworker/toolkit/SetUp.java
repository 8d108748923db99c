package dev.bgworker.toolkit;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Interrupts;
import dev.bgworker.api.process.Interrupts.Handler;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.process.Scope.Event;
import dev.bgworker.api.spi.Session;
import java.util.Optional;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What each worker has to do before its loop, in the order that matters. Once, on the worker's own thread. */
final class SetUp {

    private SetUp() {}

    /** The session, if the loop was told to connect. */
    static Optional<Session> of(WorkerContext worker, MainLoop loop) {
        Interrupts interrupts = worker.interrupts();
        interrupts.handle(Signal.TERM, Handler.FLAG);
        interrupts.handle(Signal.HUP, Handler.FLAG);
        interrupts.handle(Signal.INT, Handler.CANCEL);
        worker.activity().applicationName(ApplicationName.of(worker.entry().name()));
        // What is registered last is run first: the session's own callback, which rolls back, before these.
        loop.onExit.forEach(hook -> worker.scope().on(Event.BEFORE_SHMEM_EXIT, hook));
        if (loop.target == null && !loop.channels.isEmpty()) {
            throw new ErrorException(errcode("55000", "main loop has no database connection to listen on")
                    .errdetail("It was told of the channels " + String.join(", ", loop.channels) + ".")
                    .errhint("Call connect() on the MainLoop before run()."));
        }
        interrupts.unblock();
        Optional<Session> session = Optional.ofNullable(loop.target).map(worker::connect);
        worker.activity().report(State.IDLE, null);
        return session;
    }
}
