package test_shm_mq;

import dev.bgworker.api.process.Held;
import java.util.function.BooleanSupplier;
import org.apache.felix.service.command.CommandSession;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;

/**
 * Ctrl-C at the prompt: Gogo would give up the command and show an InterruptedException, and not the error that the backend
 * ends with. Called by the thread of the command; the terminal calls back from its own.
 */
final class ControlC {

    private ControlC() {}

    /** Until closed that takes it, and what it does not take is Gogo's; nothing where there is no terminal. */
    static Held takenBy(BooleanSupplier taker, CommandSession session) {
        if (!(session.get(".terminal") instanceof Terminal terminal)) {
            return () -> {};
        }
        // One that comes before Gogo's handler is known is ours alone.
        SignalHandler[] gogo = {SignalHandler.SIG_IGN};
        SignalHandler before = terminal.handle(Signal.INT, signal -> {
            if (!taker.getAsBoolean()) {
                gogo[0].handle(signal);
            }
        });
        gogo[0] = before;
        return () -> terminal.handle(Signal.INT, before);
    }
}
