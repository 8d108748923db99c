package dev.bgworker.spi;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.spi.cluster.DataDirectory;
import dev.bgworker.spi.engine.Durability;
import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.H2Engine;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which commits are forced to the disk, counted by the command that does it. */
class FsyncTest {

    private static final Durability FSYNC = Durability.of("fsync", Duration.ofSeconds(10));

    @TempDir
    Path data;
    private final AtomicReference<Durability> durability = new AtomicReference<>(FSYNC);
    private final AtomicReference<String> command = new AtomicReference<>("CHECKPOINT SYNC");
    private final AtomicInteger syncs = new AtomicInteger();
    private TestHost host;
    private Session db;

    @BeforeEach
    void open() {
        Engine real = new H2Engine(durability::get);
        Engine counting = (Engine) Proxy.newProxyInstance(Engine.class.getClassLoader(), new Class<?>[]{Engine.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("sync")) {
                        syncs.incrementAndGet();
                        return command.get();
                    }
                    return method.getName().equals("lasting") ? proxy : method.invoke(real, args);
                });
        host = TestHost.on(counting, new DataDirectory(data));
        host.provider().enter(State.RECOVERY_FINISHED);
        db = host.connect();
        Sql.ddl(db, "CREATE TABLE t (a INT)");
        assertThat(syncs.getAndSet(0)).as("of DDL").isPositive();
    }

    @AfterEach
    void close() { host.close(); }

    @Test
    void aCommitThatWroteIsForcedAndNoOther() {
        Sql.commit(db, "INSERT INTO t VALUES (1)");
        assertThat(syncs).hasValue(1);
        Sql.single(db, Long.class, "SELECT COUNT(*) FROM t");
        db.startTransaction().commit();
        try (Transaction tx = db.startTransaction()) {
            tx.connect().execute("INSERT INTO t VALUES (2)", false, 0);
            tx.abort();
        }
        assertThat(syncs).hasValue(1);
    }

    @Test
    void whatIsCreatedInTheSharedCatalogsIsForced() {
        Sql.ddl(db, "CREATE ROLE r LOGIN");
        assertThat(syncs.getAndSet(0)).as("the catalogs").isEqualTo(1);
        Sql.ddl(db, "CREATE DATABASE d");
        assertThat(syncs).as("row, files, row").hasValue(3);
    }

    @Test
    void itCanBeTurnedOffAndOnWhileTheDatabaseIsOpen() {
        durability.set(Durability.DEFAULT);
        Sql.commit(db, "INSERT INTO t VALUES (1)");
        assertThat(syncs).hasValue(0);
        durability.set(FSYNC);
        Sql.commit(db, "INSERT INTO t VALUES (2)");
        assertThat(syncs).hasValue(1);
    }

    @Test
    void aSyncThatFailsIsFatalAndPassesErrfinish() {
        TestProcess process = host.process();
        Session other = process.connect(ConnectTo.database("postgres"));
        command.set("CHECKPOINT NOWHERE");
        assertThatThrownBy(() -> Sql.commit(other, "INSERT INTO t VALUES (1)")).isInstanceOfSatisfying(FatalError.class,
                e -> assertThat(e.data().sqlState()).isEqualTo("58030"));
        assertThat(process.finished).last().isInstanceOf(FatalError.class);
    }
}
