package dev.bgworker.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.Backend;
import dev.bgworker.api.Backends;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.felix.service.command.CommandSession;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.SignalHandler;
import org.junit.jupiter.api.Test;

/** {@code bgw:sql} on a session that answers what a test says and notes what was called. */
class SqlCommandsTest {

    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private final Workers workers = new Workers();
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    /** Of the prompt; null without one. */
    private volatile Terminal terminal;
    private final PrintStream out = new PrintStream(console, true, StandardCharsets.UTF_8);
    private BiFunction<String, Long, SpiResult> answer = (sql, count) -> ExecutedTest.selected(new Object[]{1, sql});
    private final SqlCommands commands = new SqlCommands(fake(Backends.class, Map.of("open", args -> backend())), workers);

    private Backend backend() {
        return fake(Backend.class, Map.of("pid", args -> Workers.BACKEND, "connect", args -> {
            ConnectTo target = (ConnectTo) args[0];
            heard.add("connect " + target.database() + " as " + target.role());
            return session();
        }, "close", args -> heard.add("close backend")));
    }

    private Session session() {
        Spi spi = fake(Spi.class, Map.of("execute", args -> {
            heard.add("execute " + args[0] + " " + args[2]);
            return answer.apply((String) args[0], (Long) args[2]);
        }, "close", args -> null));
        Transaction transaction = fake(Transaction.class,
                Map.of("connect", args -> spi, "commit", args -> heard.add("commit"), "close", args -> null));
        return fake(Session.class, Map.of("startTransaction", args -> transaction));
    }

    private static <T> T fake(Class<T> type, Map<String, Function<Object[], Object>> methods) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, method, args) -> {
            Object value = methods.get(method.getName()).apply(args);
            return method.getReturnType() == void.class ? null : value;
        }));
    }

    private void sql(String... words) throws InterruptedException {
        commands.sql(fake(CommandSession.class, Map.of("getConsole", args -> out, "get", args -> terminal)), words);
    }

    private String printed() { return console.toString(StandardCharsets.UTF_8); }

    @Test
    void eachStatementIsATransactionOfItsOwnInOneBackend() throws Exception {
        sql("--database", "shop", "--role", "clerk", "SELECT 1; SELECT 2");

        assertThat(heard).containsExactly("connect shop as clerk", "execute SELECT 1 1001", "commit",
                "execute SELECT 2 1001",
                "commit", "close backend");
        assertThat(printed()).isEqualTo("id  name\n1   SELECT 1\n(1 row)\nid  name\n1   SELECT 2\n(1 row)\n");
    }

    @Test
    void onlyQueriesAreLimited() throws Exception {
        sql("--limit", "5", "(SELECT 1); UPDATE t SET a = 1");
        sql("--limit", "0", "SELECT 1");
        sql("--json", "SELECT 1");

        assertThat(heard.stream().filter(each -> each.startsWith("execute"))).containsExactly("execute (SELECT 1) 6",
                "execute UPDATE t SET a = 1 0", "execute SELECT 1 0", "execute SELECT 1 0");
    }

    @Test
    void anErrorEndsTheCommandWithWhatWasPrintedBefore() {
        answer = (sql, count) -> {
            if (sql.equals("SELECT 2")) {
                throw new ErrorException(
                        ErrorData.errcode("42P01", "relation \"t\" does not exist").errdetail("D").errhint("H"));
            }
            return ExecutedTest.selected();
        };

        assertThatThrownBy(() -> sql("SELECT 1; SELECT 2; SELECT 3")).isInstanceOf(CommandFailure.class)
                .hasToString("ERROR:  42P01: relation \"t\" does not exist\nDETAIL:  D\nHINT:  H");
        assertThat(printed()).isEqualTo("id  name\n(0 rows)\n");
        assertThat(heard).doesNotContain("execute SELECT 3 1001").endsWith("close backend");
    }

    @Test
    void whatEndsTheBackendIsToldAsFatal() {
        answer = (sql, count) -> {
            throw new FatalError(ErrorData.errcode("57P01", "terminating connection due to administrator command"));
        };

        assertThatThrownBy(() -> sql("SELECT 1"))
                .hasToString("FATAL:  57P01: terminating connection due to administrator command");
        assertThat(heard).endsWith("close backend");
    }

    @Test
    void anInterruptOfTheCommandIsACancelOfTheBackend() throws Exception {
        CountDownLatch executing = new CountDownLatch(1);
        CountDownLatch canceled = new CountDownLatch(1);
        answer = (sql, count) -> {
            executing.countDown();
            try {
                canceled.await();
            } catch (InterruptedException e) {
                throw new AssertionError("the backend's own thread was interrupted", e);
            }
            throw new ErrorException(ErrorData.errcode("57014", "canceling statement due to user request"));
        };
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread command = new Thread(() -> {
            try {
                sql("SELECT 1");
            } catch (Throwable thrown) {
                ended.complete(thrown);
            }
        });
        command.start();
        executing.await();
        workers.signalled = canceled::countDown;

        command.interrupt();

        assertThat(ended.get()).hasToString("ERROR:  57014: canceling statement due to user request");
        assertThat(workers.asked).containsExactly("INT " + Workers.BACKEND);
    }

    @Test
    void controlCAtThePromptShowsTheErrorOfTheStatement() throws Exception {
        AtomicReference<SignalHandler> handler = new AtomicReference<>(SignalHandler.SIG_DFL);
        terminal = fake(Terminal.class, Map.of("handle", args -> handler.getAndSet((SignalHandler) args[1])));
        answer = (sql, count) -> {
            handler.get().handle(Terminal.Signal.INT);
            throw new ErrorException(ErrorData.errcode("57014", "canceling statement due to user request"));
        };

        assertThatThrownBy(() -> sql("SELECT 1"))
                .hasToString("ERROR:  57014: canceling statement due to user request");
        assertThat(workers.asked).containsExactly("INT " + Workers.BACKEND);
        assertThat(handler).as("the prompt's again").hasValue(SignalHandler.SIG_DFL);
    }

    @Test
    void misuseIsTold() {
        assertThatThrownBy(() -> sql("SELECT", "1")).hasMessageContaining("one argument, in quotes");
        assertThatThrownBy(() -> sql()).hasMessageContaining("one argument, in quotes");
        assertThatThrownBy(() -> sql("--limit", "-1", "SELECT 1")).hasMessageContaining("--limit");
        assertThat(heard).isEmpty();
    }
}
