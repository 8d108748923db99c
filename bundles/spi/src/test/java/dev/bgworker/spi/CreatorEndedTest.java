package dev.bgworker.spi;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Transaction;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.bgworker.api.process.ErrorData.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What H2 2.4.240 evaluates by the session that created it, after the process of that session has ended. */
class CreatorEndedTest {

    private static final String PLAIN = "CREATE TABLE t (s VARCHAR, n INT)";
    private static final Map<String, List<String>> SHAPES = Map.ofEntries(
            Map.entry("IN in a CHECK", List.of("CREATE TABLE t (s VARCHAR CHECK (s IN ('a', 'b')), n INT)")),
            Map.entry("OR in a CHECK", List.of("CREATE TABLE t (s VARCHAR CHECK (s = 'a' OR s = 'b'), n INT)")),
            Map.entry("NOT IN", List.of("CREATE TABLE t (s VARCHAR, n INT, CHECK (NOT (s IN ('x', 'y'))))")),
            Map.entry("CASE", List.of("CREATE TABLE t (s VARCHAR CHECK (CASE s WHEN IN ('a', 'b') THEN TRUE ELSE FALSE END),"
                    + " n INT)")),
            Map.entry("generated column", List.of("CREATE TABLE t (s VARCHAR, n INT,"
                    + " g BOOLEAN GENERATED ALWAYS AS (s IN ('a', 'b')))")),
            Map.entry("DEFAULT", List.of("CREATE TABLE t (s VARCHAR, n INT,"
                    + " g BOOLEAN DEFAULT (CAST(RAND() * 10 AS INT) IN (1, 2)))")),
            Map.entry("DOMAIN", List.of("CREATE DOMAIN ab AS VARCHAR CHECK (VALUE IN ('a', 'b'))",
                    "CREATE TABLE t (s ab, n INT)")),
            Map.entry("ENUM", List.of("CREATE TABLE t (s ENUM('a', 'b'), n INT, CHECK (s = 'a' OR s = 'b'))")),
            Map.entry("ENUM alone", List.of("CREATE TABLE t (s ENUM('a', 'b'), n INT, CHECK (s <> 'b' OR n < 9))")),
            Map.entry("ADD CONSTRAINT", List.of(PLAIN, "ALTER TABLE t ADD CONSTRAINT c CHECK (s IN ('a', 'b'))")),
            Map.entry("a table that is copied", List.of("CREATE TABLE t (s VARCHAR CHECK (s IN ('a', 'b')))",
                    "ALTER TABLE t ADD COLUMN n INT")));

    private static final Map<String, Consumer<TestProcess>> ENDS = Map.of(
            "exit", TestProcess::exit,
            "FATAL in a transaction", process -> {
                process.finished.add(new FatalError(errcode("XX000", "went wrong")));
                process.die();
                process.exit();
            },
            "terminated", process -> {
                process.abort();
                process.exit();
            });

    @TempDir
    Path data;

    static Stream<Arguments> shapesAndEnds() {
        return SHAPES.keySet().stream()
                .flatMap(shape -> ENDS.keySet().stream().map(end -> Arguments.of(shape, end)));
    }

    private TestHost onFiles() {
        TestHost host = TestHost.at(data);
        host.provider().enter(State.RECOVERY_FINISHED);
        return host;
    }

    private static Session connect(TestProcess process) { return process.connect(ConnectTo.database("postgres")); }

    private static void inProcess(TestHost host, Consumer<Session> work) {
        TestProcess process = host.process();
        work.accept(connect(process));
        process.exit();
    }

    @ParameterizedTest
    @MethodSource("shapesAndEnds")
    void whatItMadeGoesOnInMemory(String shape, String end) {
        try (TestHost host = TestHost.inMemory()) {
            assertGoesOn(host, shape, end);
        }
    }

    @ParameterizedTest
    @MethodSource("shapesAndEnds")
    void whatItMadeGoesOnOnFiles(String shape, String end) {
        try (TestHost host = onFiles()) {
            assertGoesOn(host, shape, end);
        }
        try (TestHost host = onFiles()) {
            inProcess(host, db -> Sql.commit(db, "UPDATE t SET s = 'a'"));
        }
    }

    /** Two who are connected all the time besides, so that nobody goes on with the creator's session. */
    private static void assertGoesOn(TestHost host, String shape, String end) {
        Session inserter = host.connect();
        Session updater = host.connect();
        for (String sql : SHAPES.get(shape)) {
            TestProcess creator = host.process();
            Session db = connect(creator);
            Sql.ddl(db, sql);
            db.startTransaction();
            ENDS.get(end).accept(creator);
        }
        Sql.commit(inserter, "INSERT INTO t (s, n) VALUES ('a', 1)");
        Sql.commit(updater, "UPDATE t SET s = 'b'");
        inProcess(host, db -> Sql.commit(db, "UPDATE t SET s = 'a', n = 2"));
        assertThat(Sql.single(updater, String.class, "SELECT s FROM t")).isEqualTo("a");
    }

    @Test
    void theyAreStillViolated() {
        try (TestHost host = TestHost.inMemory()) {
            inProcess(host, db -> Sql.ddl(db, SHAPES.get("IN in a CHECK").get(0)));
            Sql.assertFails(host.connect(), "23514", "INSERT INTO t VALUES ('z', 1)");
        }
    }

    @Test
    void aHundredCreatorsLeaveOneSessionAndNoThread() throws Exception {
        try (AdminView view = new AdminView()) {
            inProcess(view.host, db -> Sql.ddl(db, "CREATE TABLE t0 (s VARCHAR CHECK (s IN ('a', 'b')))"));
            int threads = Thread.activeCount();
            for (int i = 1; i <= 100; i++) {
                String name = "t" + i;
                inProcess(view.host, db -> Sql.ddl(db, "CREATE TABLE " + name + " (s VARCHAR CHECK (s IN ('a', 'b')))"));
            }
            assertThat(view.sessionsOfProcesses()).isOne();
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
        }
    }

    @Test
    void whoChangesNoSchemaLeavesNoSession() throws Exception {
        try (AdminView view = new AdminView()) {
            inProcess(view.host, db -> Sql.single(db, Integer.class, "SELECT 1"));
            assertThat(view.sessionsOfProcesses()).isZero();
        }
    }

    @Test
    void theNextProcessFindsNothingOfTheLastOne() throws Exception {
        try (AdminView view = new AdminView()) {
            TestProcess first = view.host.process();
            Session db = connect(first);
            Sql.ddl(db, "CREATE TABLE t (a INT)");
            Sql.ddl(db, "CREATE LOCAL TEMPORARY TABLE \"Odd \"\"name\" (a INT PRIMARY KEY)");
            Sql.ddl(db, "CREATE LOCAL TEMPORARY TABLE refers (a INT REFERENCES \"Odd \"\"name\" (a))");
            long number = Sql.single(db, Long.class, "SELECT SESSION_ID()");
            Sql.single(db, Integer.class, "SELECT @seen := 5");
            Transaction left = db.startTransaction(Transaction.Mode.REPEATABLE_READ);
            left.connect().execute("INSERT INTO t VALUES (1)", false, 0);
            first.exit();

            Session next = view.host.connect();
            assertThat(Sql.single(next, Long.class, "SELECT SESSION_ID()")).isEqualTo(number);
            assertThat(Sql.single(next, Integer.class, "SELECT CAST(@seen AS INT)")).isNull();
            assertThat(Sql.single(next, Long.class, "SELECT COUNT(*) FROM t")).isZero();
            Sql.assertFails(next, "42P01", "SELECT * FROM refers");
            Sql.assertFails(next, "42P01", "SELECT * FROM \"Odd \"\"name\"");
            view.run("INSERT INTO t VALUES (2)");
            assertThat(Sql.single(next, Long.class, "SELECT COUNT(*) FROM t")).isOne();
        }
    }

    @Test
    void aDatabaseWithKeptSessionsIsDroppedAndItsRoleToo() {
        try (TestHost host = onFiles()) {
            Session db = host.connect();
            Sql.ddl(db, "CREATE ROLE r LOGIN");
            Sql.ddl(db, "CREATE DATABASE d OWNER r");
            Sql.ddl(db, "CREATE DATABASE other OWNER r");
            for (String database : List.of("d", "other")) {
                TestProcess creator = host.process();
                Sql.ddl(creator.connect(ConnectTo.database(database).as("r")),
                        SHAPES.get("IN in a CHECK").get(0));
                creator.exit();
            }
            Sql.ddl(db, "DROP DATABASE d");
            Sql.ddl(db, "ALTER DATABASE other OWNER TO postgres");
            Sql.ddl(db, "DROP ROLE r");
            TestProcess later = host.process();
            Sql.commit(later.connect(ConnectTo.database("other")), "INSERT INTO t VALUES ('a', 1)");

            Sql.ddl(db, "CREATE ROLE r LOGIN");
            TestProcess anew = host.process();
            Sql.assertFails(anew.connect(ConnectTo.database("other").as("r")), "42501", "SELECT * FROM t");
        }
    }

    @Test
    void anExpressionOfAnEndedSessionIsAnErrorThatSaysSo() throws Exception {
        try (TestHost host = onFiles()) {
            Session db = host.connect();
            try (Connection past = StoreDamage.admin(data); Statement statement = past.createStatement()) {
                statement.execute("CREATE TABLE public.g (s VARCHAR, g BOOLEAN GENERATED ALWAYS AS (s IN ('a', 'b')))");
                statement.execute("CREATE TABLE public.c (s VARCHAR CHECK (s IN ('a', 'b')))");
            }
            for (String sql : List.of("INSERT INTO g (s) VALUES ('a')", "INSERT INTO c VALUES ('a')")) {
                ErrorException error = catchThrowableOfType(ErrorException.class, () -> Sql.commit(db, sql));
                assertThat(error.data().sqlState()).isEqualTo("XX000");
                assertThat(error.data().message()).contains("cannot evaluate an expression");
                assertThat(error.data().hint()).contains("create it again", "restart the host");
            }
            assertThat(Sql.single(db, Long.class, "SELECT COUNT(*) FROM c")).isZero();
        }
    }

    @Test
    void aCreatorThatIsAbortedInItsStatementKeepsWhatItMade() {
        try (TestHost host = TestHost.inMemory()) {
            TestProcess creator = host.process();
            Session db = connect(creator);
            Sql.ddl(db, SHAPES.get("generated column").get(0));
            Transaction open = db.startTransaction();
            open.connect().execute("INSERT INTO t (s) VALUES ('a')", false, 0);
            creator.abort();
            assertThatThrownBy(() -> open.connect().execute("SELECT 1", false, 0)).isInstanceOf(FatalError.class);
            Session next = host.connect();
            Sql.commit(next, "INSERT INTO t (s) VALUES ('b')");
            assertThat(Sql.single(next, Long.class, "SELECT COUNT(*) FROM t")).isOne();
            creator.exit();
            Sql.commit(host.connect(), "UPDATE t SET s = 'a'");
        }
    }
}
