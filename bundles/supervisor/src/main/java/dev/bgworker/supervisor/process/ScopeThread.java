package dev.bgworker.supervisor.process;

import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A thread that a scope owns: made and ended by the owner's thread. */
final class ScopeThread extends Thread implements Endable {

    /** How long it may take to end after it was told. */
    static final Duration GRACE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(ScopeThread.class);

    private final BgProc proc;
    private final Runnable work;
    /** Where its log lines belong. */
    private final Map<String, String> context = MDC.getCopyOfContextMap();
    /** Set by the owner, when it is told to end. */
    private Patience patience;

    private ScopeThread(BgProc proc, String name, Runnable work) {
        super(Thread.currentThread().getThreadGroup(), null, name, 0, false);
        this.proc = proc;
        this.work = work;
        setDaemon(true);
        setContextClassLoader(Thread.currentThread().getContextClassLoader());
    }

    static ScopeThread start(BgProc proc, String name, Runnable work) {
        ScopeThread thread = new ScopeThread(proc, name, work);
        thread.start();
        return thread;
    }

    @Override
    public void run() {
        if (context != null) {
            MDC.setContextMap(context);
        }
        try {
            work.run();
        } catch (Throwable e) { // whatever it is: it has ended this thread, and nobody else would tell
            LOG.error("thread \"{}\" of {} failed", getName(), proc.inWords(), e);
        } finally {
            proc.latch().set();
        }
    }

    @Override
    public void tellToEnd() {
        if (patience == null) {
            patience = Patience.of(GRACE);
            interrupt();
        }
    }

    @Override
    public boolean ended() { return !isAlive(); }

    @Override
    public void close() {
        tellToEnd();
        patience.await(this::join);
        if (isAlive()) {
            LOG.warn("thread \"{}\" of {} was told to end with its scope and still runs", getName(), proc.inWords());
        }
    }

    @Override
    public String toString() { return "thread \"" + getName() + "\""; }
}
