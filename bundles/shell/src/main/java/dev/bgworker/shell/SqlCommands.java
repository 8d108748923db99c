package dev.bgworker.shell;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Backends;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The Gogo command {@code bgw:sql}: {@code psql -c}. Called by any thread, also by several at once. */
@Component(service = SqlCommands.class, property = {"osgi.command.scope=bgw", "osgi.command.function=sql"})
public final class SqlCommands {

    private static final String JSON = "--json";
    private static final String DATABASE = "--database";
    private static final String ROLE = "--role";
    private static final String LIMIT = "--limit";
    private static final int USUAL_LIMIT = 1000;
    /** Of what begins so, a limit leaves the rest undone; of what changes rows it would not. */
    private static final Pattern QUERY = Pattern.compile("(?is)\\W*(SELECT|VALUES|TABLE|WITH|SHOW|EXPLAIN)\\b.*");

    private final Backends backends;
    private final BackgroundWorkers workers;

    @Activate
    public SqlCommands(@Reference Backends backends, @Reference BackgroundWorkers workers) {
        this.backends = backends;
        this.workers = workers;
    }

    /** {@code bgw:sql}; what a statement gave is printed once its transaction is committed. */
    @Descriptor(Usage.SQL)
    public void sql(CommandSession session, @Descriptor(Usage.SQL_WORD) String... words) throws InterruptedException {
        Arguments given = Arguments.parse(Usage.SQL, Set.of(JSON), Set.of(DATABASE, ROLE, LIMIT), words);
        PrintStream out = session.getConsole();
        if (given.help()) {
            out.println(Usage.SQL);
            return;
        }
        List<String> statements = Statements.of(given.onlyOperand().orElseThrow(
                () -> given.misuse("the statements are to be one argument, in quotes")));
        int limit = limit(given);
        ConnectTo target = target(given);
        AsBackend work = new AsBackend(backends, workers);
        try (Held prompt = ControlC.takenBy(work::cancel, session)) {
            work.run("bgw:sql", backend -> execute(backend, target, statements, limit,
                    done -> out.println(given.has(JSON) ? done.json() : done.text())));
        } catch (CommandFailure told) {
            throw told;
        } catch (RuntimeException | Error raised) {
            if (raised instanceof Ereport ereport) {
                throw CommandFailure.ofStatement(ereport);
            }
            throw raised;
        }
    }

    private static void execute(Backend backend, ConnectTo target, List<String> statements, int limit,
            Consumer<Executed> done) {
        Session session = backend.connect(target);
        for (String sql : statements) {
            done.accept(execute(session, sql, limit));
        }
    }

    private static Executed execute(Session session, String sql, int limit) {
        try (Transaction transaction = session.startTransaction(); Spi spi = transaction.connect()) {
            long count = limit == 0 || !QUERY.matcher(sql).matches() ? 0 : limit + 1L;
            Executed executed = Executed.of(sql, spi.execute(sql, false, count), limit);
            spi.close();
            transaction.commit();
            return executed;
        }
    }

    private static ConnectTo target(Arguments given) {
        ConnectTo database = ConnectTo.database(given.value(DATABASE).orElse("postgres"));
        return given.value(ROLE).map(database::as).orElse(database);
    }

    /** JSON is for programs, which get all. */
    private static int limit(Arguments given) {
        Optional<String> limit = given.value(LIMIT);
        if (limit.isEmpty()) {
            return given.has(JSON) ? 0 : USUAL_LIMIT;
        } else if (!limit.get().matches("\\d{1,9}")) {
            throw given.misuse("invalid value for option " + LIMIT + ": \"" + limit.get() + "\"");
        }
        return Integer.parseInt(limit.get());
    }
}
