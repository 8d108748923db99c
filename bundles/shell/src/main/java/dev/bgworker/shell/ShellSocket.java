package dev.bgworker.shell;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.threadio.ThreadIO;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the shell to other processes while this component is active. Without a socket the host runs on, and the log says why. */
@Component(service = {}, immediate = true)
public final class ShellSocket {

    private static final Logger LOG = LoggerFactory.getLogger(ShellSocket.class);

    private final Optional<Listening> listening;

    /** A socket that is being served. */
    private record Listening(SocketFile file, SocketServer server) {}

    @Activate
    public ShellSocket(BundleContext context, @Reference CommandProcessor processor, @Reference ThreadIO threadIo) {
        this(context.getProperty("bgw.run"), Path.of(System.getProperty("java.io.tmpdir")),
                new GogoCommands(processor, threadIo));
    }

    ShellSocket(String run, Path temporary, Commands commands) { listening = open(run, temporary, commands); }

    private static Optional<Listening> open(String run, Path temporary, Commands commands) {
        if (run == null) {
            LOG.warn("other processes cannot give commands: framework property bgw.run is not set");
            return Optional.empty();
        }
        try {
            SocketFile file = SocketFile.in(Path.of(run).toAbsolutePath().normalize(), temporary.toAbsolutePath(),
                    PrivateDirectory.self(temporary));
            return Optional.of(listen(file, commands));
        } catch (SocketRefused refused) {
            LOG.error("other processes cannot give commands: {}", refused.getMessage());
        } catch (IOException | RuntimeException failed) {
            LOG.error("other processes cannot give commands", failed);
        }
        return Optional.empty();
    }

    private static Listening listen(SocketFile file, Commands commands) throws IOException {
        ServerSocketChannel channel = file.bind();
        SocketServer server = new SocketServer(channel, commands, Limits.DEFAULT);
        try {
            file.publish();
        } catch (IOException failed) {
            try (server) {
                file.withdraw();
            }
            throw failed;
        }
        server.start();
        LOG.info("listening on Unix socket \"{}\"", file.socket());
        return new Listening(file, server);
    }

    /** Ends within a second, also when a command is waiting. */
    @Deactivate
    public void close() {
        listening.ifPresent(open -> {
            try (open.server) {
                // first, so that no client finds a socket that nobody answers
                open.file.withdraw();
            } catch (IOException failed) {
                LOG.warn("the shell's socket could not be removed", failed);
            }
        });
    }
}
