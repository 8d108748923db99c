package dev.bgworker.itests;

import static dev.bgworker.api.process.ErrorData.errcode;
import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Scope.Event;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Session.Notification;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.toolkit.MainLoop;
import dev.bgworker.toolkit.Recovery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** The toolkit's main loop on supervisor, spi and ipc themselves. */
public class MainLoopOnHostTest {

    @Rule
    public final Timeout timeout = Timeout.seconds(60);
    @Rule
    public final TemporaryFolder data = new TemporaryFolder();
    private SpiHost host;
    private final Queue<String> events = new ConcurrentLinkedQueue<>();

    @Before
    public void start() throws Exception {
        host = SpiHost.start(data.newFolder().toPath(), State.RECOVERY_FINISHED);
        host.createTables();
    }

    @After
    public void stop() throws Exception { host.shutdown(State.FAST_SHUTDOWN); }

    /** Tells its first reader: the report of the loop. */
    private static final class Reported extends Exception {

        private static final long serialVersionUID = 1;
        private transient Runnable once;

        Reported(Runnable once) { this.once = once; }

        @Override
        public String getMessage() {
            Optional.ofNullable(once).ifPresent(Runnable::run);
            once = null;
            return "scripted";
        }
    }

    /** One turn that holds everything there is, and fails. */
    private final class Failing {

        private final LWLock lock;

        Failing(WorkerContext worker) {
            int tranche = worker.shmem().newTrancheId("loop");
            this.lock = worker.shmem().namedSegment("loop", LWLock.SIZE, area -> area.as(LWLock.class).initialize(tranche))
                    .as(LWLock.class);
        }

        void fail(MainLoop.Turn turn) throws Exception {
            FileChannel file = turn.openFile(data.getRoot().toPath().resolve("turn"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            Session session = turn.session();
            turn.lock("of the turn", EXCLUSIVE);
            Transaction transaction = session.startTransaction();
            transaction.connect().execute("INSERT INTO added VALUES (1)", false, 0);
            transaction.lock("of the transaction", EXCLUSIVE);
            transaction.on(Event.ABORT, end -> note("transaction aborts", file, session));
            transaction.on(Event.RELEASE_AFTER_LOCKS, end -> note("transaction has released", file, session));
            turn.on(Event.RELEASE_BEFORE_LOCKS, end -> note("turn releases", file, session));
            lock.acquire(EXCLUSIVE);
            throw new Reported(() -> note("report", file, session));
        }

        void note(String what, FileChannel file, Session session) {
            events.add(what + ":" + (lock.heldByMe() ? " LWLock" : "")
                    + (session.transaction().isPresent() ? " transaction" : "") + (file.isOpen() ? " file" : ""));
        }
    }

    @Test
    @Proves({"R199", "R200", "P1", "P21"})
    public void errorIsReportedThenTransactionAndTurnAreReleasedInOrderAndTheLoopGoesOn() throws Exception {
        CountDownLatch next = new CountDownLatch(1);
        BackgroundWorkerHandle handle = host.register(RestartPolicy.NEVER, worker -> {
            Failing failing = new Failing(worker);
            MainLoop.of(worker).connect(SpiHost.POSTGRES).run(turn -> {
                if (events.isEmpty()) {
                    failing.fail(turn);
                }
                failing.lock.acquire(EXCLUSIVE).close();
                next.countDown();
            });
        });
        assertThat(next.await(30, SECONDS)).isTrue();

        assertThat(events).containsExactly("report: LWLock transaction file", "transaction aborts: file",
                "transaction has released: file", "turn releases: file");
        assertThat(host.number("SELECT count(*) FROM added")).isZero();
        assertThat(host.backend().scope().tryLock("of the turn", EXCLUSIVE)).isPresent();
        assertThat(host.backend().scope().tryLock("of the transaction", EXCLUSIVE)).isPresent();
        handle.terminate();
        assertThat(handle.awaitShutdown(SpiHost.LONG).exitStatus()).as("the same process").isZero();
    }

    @Test
    @Proves({"P22", "R120"})
    public void errorThatIsFinalReachesTheHandleWithAllItsDataAndTheHooksOfTheExitFollowTheRollback() throws Exception {
        ErrorException error = new ErrorException(
                errcode("42P01", "relation is missing").errdetail("No such.").errhint("Create it.").errcontext("turn"));
        BackgroundWorkerHandle handle = host.register(RestartPolicy.NEVER, worker -> {
            MainLoop loop = MainLoop.of(worker).connect(SpiHost.POSTGRES).recover(Recovery.DEFAULT.finalOn("42"));
            loop.onExit(end -> events.add("exit " + end.status())).run(turn -> {
                turn.on(Event.ABORT, end -> events.add("turn aborts"));
                throw error;
            });
        });

        WorkerDetails gone = handle.awaitShutdown(SpiHost.LONG);

        assertThat(gone.exitStatus()).isEqualTo(1);
        assertThat(gone.lastError()).contains(error.data());
        assertThat(events).containsExactly("turn aborts", "exit 1");
    }

    @Test
    @Proves({"R120", "R129"})
    public void faultOfTheJvmIsNoErrorOfATurnButACrash() throws Exception {
        for (Error fault : List.of(new OutOfMemoryError("scripted"), new StackOverflowError("scripted"))) {
            BackgroundWorkerHandle handle = host.register(
                    definition -> definition.restart(RestartPolicy.NEVER).flags(Set.of()),
                    worker -> MainLoop.of(worker).onExit(end -> events.add("exit")).run(turn -> {
                        throw fault;
                    }));

            assertThat(handle.awaitShutdown(SpiHost.LONG).exitStatus()).as(fault.toString()).isEqualTo(2);
        }
        assertThat(events).isEmpty();
    }

    @Test
    @Proves("R199")
    public void whatTwoSessionsCommitIsATurnWithTheirNotificationsInOrder() throws Exception {
        Queue<Notification> seen = new ConcurrentLinkedQueue<>();
        CountDownLatch all = new CountDownLatch(4);
        BackgroundWorkerHandle listener = host.register(RestartPolicy.NEVER, worker -> MainLoop.of(worker)
                .connect(SpiHost.POSTGRES).onNotify("prices").run(turn -> {
                    if (!turn.notifications().isEmpty() && events.isEmpty()) {
                        events.add("failed with " + turn.notifications().get(0).payload());
                        throw new IllegalStateException("scripted");
                    }
                    turn.notifications().forEach(each -> {
                        seen.add(each);
                        all.countDown();
                    });
                }));
        assertThat(listener.awaitReady(SpiHost.LONG).ready()).isTrue();

        BackgroundWorkerHandle other = host.register(RestartPolicy.NEVER,
                worker -> commitTwo(worker.connect(SpiHost.POSTGRES)));
        commitTwo(host.session());
        assertThat(all.await(30, SECONDS)).isTrue();

        assertThat(events).singleElement().asString().startsWith("failed with");
        assertThat(seen).extracting(each -> (each.pid() == host.backend().pid()) + each.payload())
                .containsExactlyInAnyOrder("true1", "true2", "false1", "false2")
                .containsSubsequence("true1", "true2").containsSubsequence("false1", "false2");
        other.awaitShutdown(SpiHost.LONG);
    }

    private static void commitTwo(Session session) {
        for (String payload : List.of("1", "2")) {
            try (Transaction transaction = session.startTransaction()) {
                transaction.asyncNotify("prices", payload);
                transaction.commit();
            }
        }
    }

    @Test
    public void socketsAreServedByTurnsAndAddedInsideThem() throws Exception {
        BlockingQueue<Integer> port = new LinkedBlockingQueue<>();
        BackgroundWorkerHandle handle = host.register(RestartPolicy.NEVER, worker -> {
            ServerSocketChannel server = ServerSocketChannel.open()
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            server.configureBlocking(false);
            worker.scope().own(server);
            MainLoop loop = MainLoop.of(worker).socket(server, SelectionKey.OP_ACCEPT);
            port.add(server.socket().getLocalPort());
            loop.run(turn -> {
                events.add("turn");
                for (SelectableChannel each : turn.ready().keySet()) {
                    if (each == server) {
                        SocketChannel client = server.accept();
                        client.configureBlocking(false);
                        worker.scope().own(client);
                        loop.socket(client, SelectionKey.OP_READ);
                    } else {
                        echo((SocketChannel) each);
                    }
                }
            });
        });

        int at = port.poll(30, SECONDS);
        try (Socket one = new Socket(InetAddress.getLoopbackAddress(), at);
                Socket two = new Socket(InetAddress.getLoopbackAddress(), at)) {
            for (Socket each : List.of(one, two, one)) {
                each.getOutputStream().write("hello".getBytes(UTF_8));
                assertThat(new String(each.getInputStream().readNBytes(5), UTF_8)).isEqualTo("hello");
            }
        }
        handle.terminate();
        assertThat(handle.awaitShutdown(SpiHost.LONG).exitStatus()).isZero();
        assertThat(events).as("turns: the first, two clients, three messages, two ends, TERM; not without end")
                .hasSizeLessThan(20);
    }

    private static void echo(SocketChannel client) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(64);
        if (client.read(bytes) < 0) {
            client.close();
            return;
        }
        client.write(bytes.flip());
    }
}
