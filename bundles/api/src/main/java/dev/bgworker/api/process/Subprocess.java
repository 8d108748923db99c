package dev.bgworker.api.process;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A program that a worker runs, with its pipes ({@code OpenPipeStream}). No call here waits: what it wrote, room for what it
 * is to read, and its end set the owner's latch. Owner thread only; closing, or the end of its scope, ends it and its
 * descendants: asked first, destroyed after a second.
 */
@ProviderType
public interface Subprocess extends Held {

    /** The operating system's, not one of the host. */
    long pid();

    /**
     * Takes what it has written to standard output and is here by now; 0 when that is nothing, -1 at its end. What nobody
     * takes fills the pipe in the end, and the program waits.
     */
    int read(ByteBuffer into);

    /** Gives it as much for its standard input as there is room for; -1 when it reads no more. */
    int write(ByteBuffer from);

    /** The end of its input, after what was written. */
    void closeInput();

    /** Empty as long as it runs. */
    OptionalInt exitStatus();
}
