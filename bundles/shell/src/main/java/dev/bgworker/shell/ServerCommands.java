package dev.bgworker.shell;

import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.ErrorData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The Gogo commands {@code bgw:*} of the server as a whole: {@code pg_ctl}'s. Called by any thread, also by several at once. */
@Component(service = ServerCommands.class, property = {"osgi.command.scope=bgw", "osgi.command.function=reload",
        "osgi.command.function=promote", "osgi.command.function=stop"})
public final class ServerCommands {

    private static final String MODE = "--mode";
    private static final Map<String, State> MODES = Map.of("smart", State.SMART_SHUTDOWN, "fast", State.FAST_SHUTDOWN,
            "immediate", State.IMMEDIATE_SHUTDOWN);

    /** Waits until the server has said that it is in that state; false when the time is over. */
    interface StateWait {

        boolean reached(State state, Duration wait) throws InterruptedException;
    }

    private final Server server;
    private final StateWait states;

    @Activate
    public ServerCommands(BundleContext context, @Reference Server server) {
        this(server, new AnnouncedState(context, server));
    }

    ServerCommands(Server server, StateWait states) {
        this.server = server;
        this.states = states;
    }

    /** {@code bgw:reload}: {@code pg_reload_conf}. */
    @Descriptor(Usage.RELOAD)
    public String reload(@Descriptor(Usage.SERVER_WORD) String... words) throws InterruptedException {
        Arguments given = Arguments.parse(Usage.RELOAD, Set.of(), Set.of("--wait"), words);
        if (given.help()) {
            return Usage.RELOAD;
        }
        given.noOperands();
        Optional<Duration> wait = TimeSetting.wait(given);
        if (wait.isEmpty()) {
            server.reload();
            return "server signaled";
        }
        List<Long> late = server.reload(wait.get());
        if (!late.isEmpty()) {
            throw new CommandFailure(CommandFailure.FAILED, ErrorData
                    .errcode("57014", "not all processes came to an interrupt check within " + wait.get().toMillis() + " ms")
                    .errdetail("Late are PID " + late.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ".")
                    .errhint("The new settings hold; see bgw:activity for what these processes do."));
        }
        return "server reloaded";
    }

    /** {@code bgw:promote}: {@code pg_promote}. */
    @Descriptor(Usage.PROMOTE)
    public String promote(@Descriptor(Usage.SERVER_WORD) String... words) throws InterruptedException {
        Arguments given = Arguments.parse(Usage.PROMOTE, Set.of(), Set.of("--wait"), words);
        if (given.help()) {
            return Usage.PROMOTE;
        }
        given.noOperands();
        Optional<Duration> wait = TimeSetting.wait(given);
        if (server.state() != State.CONSISTENT) {
            throw new CommandFailure(CommandFailure.FAILED, ErrorData.errcode("55000", "server is not in standby mode")
                    .errdetail("Its state is " + server.state() + "."));
        }
        server.promote();
        if (wait.isEmpty()) {
            return "server promoting";
        }
        if (!states.reached(State.RECOVERY_FINISHED, wait.get())) {
            throw new CommandFailure(CommandFailure.FAILED,
                    ErrorData.errcode("57014", "server did not promote within " + wait.get().toMillis() + " ms")
                            .errdetail("Its state is " + server.state() + ".")
                            .errhint("More details may be available in the server log."));
        }
        return "server promoted";
    }

    /** {@code bgw:stop}: {@code pg_ctl stop}. */
    @Descriptor(Usage.STOP)
    public String stop(@Descriptor(Usage.SERVER_WORD) String... words) {
        Arguments given = Arguments.parse(Usage.STOP, Set.of(), Set.of(MODE), words);
        if (given.help()) {
            return Usage.STOP;
        }
        given.noOperands();
        String mode = given.value(MODE).orElse("fast");
        State state = Optional.ofNullable(MODES.get(mode)).orElseThrow(() -> CommandFailure
                .misuse("unrecognized shutdown mode \"" + mode + "\"", "Available values: smart, fast, immediate."));
        server.shutdown(state);
        return "server shutting down";
    }
}
