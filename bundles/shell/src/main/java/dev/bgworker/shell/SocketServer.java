package dev.bgworker.shell;

import dev.bgworker.api.process.ErrorData;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts clients on a bound socket and hands each to a connection thread. Its own thread never waits for a client: it only
 * accepts, and hears when one that waits for an answer hangs up.
 */
final class SocketServer implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(SocketServer.class);

    /** Half a second for commands to end when interrupted, a quarter for their threads once the sockets are closed. */
    private static final int POLITE_MILLIS = 500;
    private static final int FINAL_MILLIS = 250;
    private static final int PAUSE_MILLIS = 500;

    private final ServerSocketChannel listening;
    private final Commands commands;
    private final Limits limits;
    private final Selector selector;
    private final SelectionKey accepting;
    /** The accepting thread's: a client that cannot be accepted stays in the queue, and would be tried without end. */
    private long pausedSince;
    private final ConnectionThreads threads;
    private final Turns turns;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    SocketServer(ServerSocketChannel listening, Commands commands, Limits limits) throws IOException {
        this.listening = listening;
        this.commands = commands;
        this.limits = limits;
        this.selector = Selector.open();
        this.threads = new ConnectionThreads(limits, this::acceptAll);
        this.turns = new Turns(threads, limits.turn());
        listening.configureBlocking(false);
        this.accepting = listening.register(selector, SelectionKey.OP_ACCEPT);
    }

    void start() { threads.start(); }

    private void acceptAll() {
        try {
            while (selector.isOpen()) {
                selector.select(this::ready, pausing() ? PAUSE_MILLIS : turns.millis());
                turns.giveUp(this::refuse);
                if (pausing() && System.nanoTime() - pausedSince >= PAUSE_MILLIS * 1_000_000L) {
                    accepting.interestOps(SelectionKey.OP_ACCEPT);
                }
            }
        } catch (ClosedSelectorException | CancelledKeyException expected) {
            LOG.debug("the shell no longer listens");
        } catch (IOException broken) {
            LOG.error("the shell no longer listens", broken);
        }
    }

    private boolean pausing() { return accepting.isValid() && accepting.interestOps() == 0; }

    private void ready(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (key.attachment() instanceof Connection waiting) {
            // nothing may follow a request, so this is the end of the stream
            key.cancel();
            waiting.hangUp();
        } else {
            accept();
        }
    }

    private void accept() {
        SocketChannel socket = null;
        try {
            socket = listening.accept();
            if (socket != null) {
                socket.configureBlocking(false);
                serve(new Connection(socket, commands, limits, this::watch, this::ended));
            }
        } catch (ClosedChannelException expected) {
            LOG.debug("the shell is being stopped");
        } catch (IOException | Error broken) { // no descriptor or no thread is left: others may give some back
            LOG.warn("a client of the shell could not be accepted; the next one is in {} ms", PAUSE_MILLIS, broken);
            close(socket);
            pausedSince = System.nanoTime();
            accepting.interestOps(0);
        }
    }

    private static void close(SocketChannel socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException broken) {
            LOG.debug("a client that was not accepted could not be closed", broken);
        }
    }

    private void serve(Connection connection) {
        connections.add(connection);
        try {
            turns.serve(connection);
        } catch (RejectedExecutionException full) {
            refuse(connection);
        } catch (Error noThread) {
            connections.remove(connection);
            throw noThread;
        }
    }

    /** A connection thread is done with it. */
    private void ended(Connection connection) {
        connections.remove(connection);
        // a closed channel keeps its descriptor until each selector that knew it has seen that it is closed
        selector.wakeup();
    }

    private void refuse(Connection connection) {
        connections.remove(connection);
        LOG.warn("a client of the shell was refused: all {} connections are in use", limits.connections());
        connection.refuse(ErrorData.errcode("53300", "sorry, too many clients already")
                .errdetail("All " + limits.connections() + " connections of the shell are in use."));
    }

    /** Called by a connection thread once the request is read. */
    private void watch(Connection connection) {
        try {
            connection.socket().register(selector, SelectionKey.OP_READ, connection);
            selector.wakeup();
        } catch (ClosedChannelException | ClosedSelectorException stopped) {
            LOG.debug("the shell is being stopped", stopped);
            connection.hangUp();
        }
    }

    /** Ends within a second, whatever the commands do. */
    @Override
    public void close() throws IOException {
        listening.close();
        selector.close();
        threads.shutdown();
        connections.forEach(Connection::hangUp);
        try {
            if (!threads.awaitTermination(POLITE_MILLIS)) {
                connections.forEach(Connection::close);
                threads.interrupt();
                if (!threads.awaitTermination(FINAL_MILLIS)) {
                    LOG.warn("{} commands given through the socket do not end; they are left behind", connections.size());
                }
            }
        } catch (InterruptedException interrupted) {
            connections.forEach(Connection::close);
            threads.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
