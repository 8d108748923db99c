package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.api.process.ProcExit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one process comes to its end, and how far that is. Written by the owner, but for {@link #quit} and
 * {@link #fenced}.
 *
 * <p>What ends it is raised at every call on the host until main is left; each time anew, since a throwable that
 * try-with-resources meets twice cannot suppress itself. Once main was left nothing is raised any more (R112) and callbacks
 * may use the host again. QUIT goes further: it leaves out the callbacks that have not run (R129) and ends the one that runs.
 */
final class Ending {

    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

    private final BgProc proc;
    private volatile Error sticky;
    private volatile boolean quit;
    private volatile boolean exiting;
    private volatile boolean inCallback;
    private volatile boolean over;
    /** Whether one of the above is set, or the gate fenced, so that a call has one field to look at; written after it. */
    private volatile boolean eventful;
    private boolean withoutCallbacks;
    private boolean swallowLogged;

    Ending(BgProc proc) { this.proc = proc; }

    /** SIGQUIT; from any thread. */
    void quit() {
        quit = true;
        eventful = true;
    }

    boolean quitting() { return quit; }

    /** Keeps what ends it; the first one stays, but PANIC is worse than all. */
    void remember(Error end) {
        if (!exiting && (sticky == null || end instanceof PanicError && !(sticky instanceof PanicError))) {
            sticky = end;
            eventful = true;
        }
    }

    /** The gate is fenced; from any thread. */
    void fenced() { eventful = true; }

    /** What each call on the host begins with. */
    void raise() {
        if (eventful) {
            raiseWhatCame();
        }
    }

    private void raiseWhatCame() {
        if (over) {
            throw Errors.error("55000", proc.inWords() + " has ended");
        }
        if (exiting) {
            if (quit && inCallback) {
                throw new ProcExit(2);
            }
            return;
        }
        boolean known = sticky != null;
        if (quit) {
            remember(new ProcExit(2));
        } else if (proc.gate().fenced()) {
            remember(Gate.abandoned(proc));
        }
        if (known && !swallowLogged) {
            swallowLogged = true;
            LOG.warn("{} swallowed \"{}\" and goes on; it is raised again at every call", proc.inWords(),
                    sticky.getMessage(),
                    new Throwable("the call that raised it again"));
        }
        raiseSticky();
    }

    /** Raises it, if there is such a thing. */
    void raiseSticky() {
        Error end = sticky;
        if (end instanceof FatalError fatal) {
            throw new FatalError(fatal.data(), fatal.getCause());
        } else if (end instanceof PanicError panic) {
            throw new PanicError(panic.data(), panic.getCause());
        } else if (end != null) {
            throw new ProcExit(((ProcExit) end).status());
        }
    }

    /** What main was left with, as what it counts: whatever an author made of it, QUIT and PANIC stay what they are. */
    Throwable of(Throwable leftMain) {
        if (quit) {
            return new ProcExit(2);
        }
        return sticky != null && (leftMain == null || sticky instanceof PanicError) ? sticky : leftMain;
    }

    /** Main was left. */
    void exit(boolean callbacks) {
        withoutCallbacks = !callbacks;
        exiting = true;
        eventful = true;
    }

    boolean exiting() { return exiting; }

    /** It may have left shared memory half changed. */
    boolean crashing() {
        return eventful && (quit || sticky instanceof PanicError || exiting && withoutCallbacks);
    }

    /** Runs what an author registered, unless the process ends without. */
    void callback(Runnable call) {
        if (quit || exiting && withoutCallbacks) {
            return;
        }
        boolean outer = inCallback;
        inCallback = true;
        try {
            call.run();
        } finally {
            inCallback = outer;
        }
    }

    /** Whether {@link #raise} throws, and waits return at once. */
    boolean mustGo() {
        if (!eventful) {
            return false;
        }
        return exiting ? quit && inCallback : quit || sticky != null || proc.gate().fenced();
    }

    /** Nothing of it works any more. */
    void over() {
        over = true;
        eventful = true;
    }
}
