package dev.bgworker.shell;

import dev.bgworker.api.process.ErrorData;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: reads its request, runs it, answers. Runs on a connection thread; {@link #hangUp} and {@link #close} are for
 * the accepting thread and for the end of the bundle.
 */
final class Connection implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final SocketChannel socket;
    private final Commands commands;
    private final Limits limits;
    private final Consumer<Connection> requestRead;
    private final Consumer<Connection> ended;

    /** The thread while it is in a command, else null; guarded by this, so that no interrupt comes after the command. */
    private Thread inCommand;

    /** Guarded by this: the client may be gone before its command begins. */
    private boolean hungUp;

    Connection(SocketChannel socket, Commands commands, Limits limits, Consumer<Connection> requestRead,
            Consumer<Connection> ended) {
        this.socket = socket;
        this.commands = commands;
        this.limits = limits;
        this.requestRead = requestRead;
        this.ended = ended;
    }

    SocketChannel socket() { return socket; }

    @Override
    public void run() {
        try (ClientChannel client = new ClientChannel(socket)) {
            serve(client, new Answer(client, limits.stuck()));
        } catch (IOException gone) {
            LOG.debug("a client of the shell is gone", gone);
        } finally {
            close(); // also when there was no descriptor left to serve it with
            ended.accept(this);
        }
    }

    /** Instead of {@link #run}, by the accepting thread: the answer fits into the empty buffer of the socket. */
    void refuse(ErrorData why) {
        try (ClientChannel client = new ClientChannel(socket)) {
            Answer answer = new Answer(client, limits.stuck());
            answer.error(ErrorText.of(why));
            answer.exit(CommandFailure.FAILED);
            client.discard(limits.bytes());
        } catch (IOException gone) {
            LOG.debug("a client of the shell is gone", gone);
        } finally {
            close();
        }
    }

    private void serve(ClientChannel client, Answer answer) throws IOException {
        List<String> words;
        try {
            words = Request.read(client, limits);
        } catch (ProtocolViolation refused) {
            LOG.debug("a request was refused", refused);
            answer.error(ErrorText.of(refused.data()));
            answer.exit(CommandFailure.MISUSE);
            client.linger(limits.request());
            return;
        }
        LOG.debug("{}", words);
        requestRead.accept(this);
        answer.exit(execute(words, answer));
    }

    private int execute(List<String> words, Answer answer) {
        enter();
        try {
            return commands.run(words, answer.output(), answer.errorOutput());
        } finally {
            leave();
        }
    }

    private synchronized void enter() {
        inCommand = Thread.currentThread();
        if (hungUp) {
            inCommand.interrupt();
        }
    }

    /** Takes back an interrupt that came too late for the command; the thread goes on to the answer and to other clients. */
    private synchronized void leave() {
        inCommand = null;
        Thread.interrupted();
    }

    /** The client has gone, or is to go: its command is interrupted, so that it holds no connection for nobody. */
    synchronized void hangUp() {
        hungUp = true;
        if (inCommand != null) {
            inCommand.interrupt();
        }
    }

    void close() {
        try {
            socket.close();
        } catch (IOException broken) {
            LOG.debug("closing a connection of the shell failed", broken);
        }
    }
}
