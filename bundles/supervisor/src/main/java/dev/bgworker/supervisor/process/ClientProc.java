package dev.bgworker.supervisor.process;

/** A client backend that no thread owns: calls come from any thread, one at a time. */
final class ClientProc extends OwnProc {

    private final SideCalls closing;
    private final Runnable end;

    /** @param end closes its connection; it may block */
    ClientProc(BgProc proc, Runnable end) {
        super(proc, true, false);
        this.closing = new SideCalls(proc.shared().calls(), "end the connection of " + proc.inWords());
        this.end = end;
    }

    /** No thread may ever come by to notice. */
    @Override
    void mustGo() { closing.offer(end); }
}
