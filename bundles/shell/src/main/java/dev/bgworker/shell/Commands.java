package dev.bgworker.shell;

import java.io.OutputStream;
import java.util.List;

/** What the socket runs, so that it need not know Gogo. Called by several connection threads at once. */
interface Commands {

    /**
     * Runs the command and returns its exit status; all failure is told in {@code err}. The arguments are data. An interrupt
     * means that nobody waits for the answer any more: the command is to end.
     */
    int run(List<String> words, OutputStream out, OutputStream err);
}
