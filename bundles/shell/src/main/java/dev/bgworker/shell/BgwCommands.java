package dev.bgworker.shell;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The Gogo commands {@code bgw:*} that look, and the one that registers. Each takes its arguments as plain texts and returns
 * what it has to say; called by any thread, also by several at once.
 */
@Component(service = BgwCommands.class, property = {"osgi.command.scope=bgw", "osgi.command.function=list",
        "osgi.command.function=show", "osgi.command.function=register", "osgi.command.function=libs",
        "osgi.command.function=activity", "osgi.command.function=locks", "osgi.command.function=wait_events",
        "osgi.command.function=shmem"})
public final class BgwCommands {

    private static final String JSON = "--json";
    private static final String STATE = "--state";
    private static final String LIMIT = "--limit";

    private final BackgroundWorkers workers;
    private final Server server;
    private final Text style = new Text(ZoneId.systemDefault());

    /** The service of workers belongs to this bundle, and so to the host: the owner of all that is registered here. */
    @Activate
    public BgwCommands(@Reference BackgroundWorkers workers, @Reference Server server) {
        this.workers = workers;
        this.server = server;
    }

    /** {@code bgw:list}. */
    @Descriptor(Usage.LIST)
    public String list(@Descriptor(Usage.LIST_WORD) String... words) {
        Arguments given = Arguments.parse(Usage.LIST, Set.of(JSON), Set.of(STATE, LIMIT), words);
        return given.help() ? Usage.LIST : table(given, () -> Views.workers(Selection.of(given, server.workers())));
    }

    /** {@code bgw:libs}. */
    @Descriptor(Usage.LIBS)
    public String libs(@Descriptor(Usage.JSON_WORD) String... words) {
        return table(Usage.LIBS, words, () -> Views.libraries(server.libraries()));
    }

    /** {@code bgw:activity}. */
    @Descriptor(Usage.ACTIVITY)
    public String activity(@Descriptor(Usage.JSON_WORD) String... words) {
        return table(Usage.ACTIVITY, words, () -> Views.activity(server.activity()));
    }

    /** {@code bgw:locks}. */
    @Descriptor(Usage.LOCKS)
    public String locks(@Descriptor(Usage.JSON_WORD) String... words) {
        return table(Usage.LOCKS, words, () -> Views.locks(server.locks()));
    }

    /** {@code bgw:wait_events}: the command's name is the method's. */
    @Descriptor(Usage.WAIT_EVENTS)
    public String wait_events(@Descriptor(Usage.JSON_WORD) String... words) {
        return table(Usage.WAIT_EVENTS, words, () -> Views.waitEvents(server.waitEvents()));
    }

    /** {@code bgw:shmem}. */
    @Descriptor(Usage.SHMEM)
    public String shmem(@Descriptor(Usage.JSON_WORD) String... words) {
        return table(Usage.SHMEM, words, () -> Views.shmem(server.shmem()));
    }

    /** {@code bgw:show}. */
    @Descriptor(Usage.SHOW)
    public String show(@Descriptor(Usage.SHOW_WORD) String... words) {
        Arguments given = Arguments.parse(Usage.SHOW, Set.of(JSON), Set.of(Named.SLOT), words);
        if (given.help()) {
            return Usage.SHOW;
        }
        List<Sheet> sheets = Named.all(given, server.workers(), Function.identity()).stream()
                .map(worker -> WorkerSheet.of(worker, server.activity(), server.libraries())).toList();
        return given.has(JSON)
                ? sheets.stream().map(Sheet::json).collect(Collectors.joining(",\n ", "[", "]"))
                : sheets.stream().map(sheet -> sheet.text(style)).collect(Collectors.joining("\n\n"));
    }

    /** {@code bgw:register}: {@code RegisterDynamicBackgroundWorker}. */
    @Descriptor(Usage.REGISTER)
    public String register(@Descriptor(Usage.REGISTER_WORD) String... words) throws InterruptedException {
        Arguments given = Arguments.parse(Usage.REGISTER, Set.of(), Registration::isOption, words);
        if (given.help()) {
            return Usage.REGISTER;
        }
        given.noOperands();
        Optional<Duration> wait = TimeSetting.wait(given);
        BackgroundWorkerHandle handle = registered(given);
        return wait.isEmpty()
                ? Outcome.registered(handle.details())
                : Outcome.ready(handle.awaitReady(wait.get()), wait.get());
    }

    private BackgroundWorkerHandle registered(Arguments given) {
        try {
            return workers.register(Registration.definition(given));
        } catch (ErrorException refused) {
            throw CommandFailure.of(refused);
        }
    }

    private String table(String usage, String[] words, Supplier<Table> table) {
        Arguments given = Arguments.parse(usage, Set.of(JSON), Set.of(), words);
        return given.help() ? usage : table(given, table);
    }

    private String table(Arguments given, Supplier<Table> table) {
        given.noOperands();
        return given.has(JSON) ? table.get().json() : table.get().text(style);
    }
}
