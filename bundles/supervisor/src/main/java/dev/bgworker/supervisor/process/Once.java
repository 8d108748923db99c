package dev.bgworker.supervisor.process;

import dev.bgworker.api.process.Held;

/** A {@link Held} that lets go once, however often it is closed. One thread only, as what it holds. */
final class Once implements Held {

    private Runnable release;

    Once(Runnable release) { this.release = release; }

    @Override
    public void close() {
        Runnable last = release;
        release = null;
        if (last != null) {
            last.run();
        }
    }
}
