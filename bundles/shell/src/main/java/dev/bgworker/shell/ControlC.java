package dev.bgworker.shell;

import dev.bgworker.api.process.Held;
import java.util.function.BooleanSupplier;
import org.apache.felix.service.command.CommandSession;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;

/**
 * Control-C at a prompt while a command runs: Gogo interrupts it and shows the interrupt, so that the error of what was
 * cancelled never gets to the user. Called by the thread of the command; the terminal calls back from its own.
 */
final class ControlC {

    /** Where Gogo's shell keeps the terminal of a session. */
    private static final String TERMINAL = ".terminal";

    private ControlC() {}

    /** Until closed, that takes it; what it does not take is Gogo's. Nothing in a session without a terminal. */
    static Held takenBy(BooleanSupplier taker, CommandSession session) {
        // Only a session of a prompt has one, and the class is there then.
        return session.get(TERMINAL) instanceof Terminal terminal ? new Taken(terminal, taker) : () -> {};
    }

    private static final class Taken implements Held {

        private final Terminal terminal;
        private final SignalHandler before;

        Taken(Terminal terminal, BooleanSupplier taker) {
            this.terminal = terminal;
            // What comes before the handler is known is not taken twice.
            SignalHandler[] gogo = new SignalHandler[]{SignalHandler.SIG_IGN};
            before = terminal.handle(Signal.INT, signal -> {
                if (!taker.getAsBoolean()) {
                    gogo[0].handle(signal);
                }
            });
            gogo[0] = before;
        }

        @Override
        public void close() { terminal.handle(Signal.INT, before); }
    }
}
