package dev.bgworker.spi;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** ADMIN of the engine is spi's alone: whatever needs it is refused, however it is written. */
class AdminOnlyTest {

    /** What is read, and what must not come to be. */
    @TempDir
    Path outside;

    @TempDir
    Path data;

    @Test
    @Tag("R94")
    void nothingThatNeedsAdminSucceedsAndTheDatabaseStaysWhole() throws IOException {
        Files.writeString(outside.resolve("secret.csv"), "a\nsecret\n");
        Files.writeString(outside.resolve("script.sql"), "DELETE FROM kept;");
        List<String> succeeded = new ArrayList<>();
        try (TestHost host = TestHost.at(data)) {
            host.provider().enter(State.RECOVERY_FINISHED);
            Session owner = host.connect();
            for (String sql : List.of("CREATE TABLE kept (a INT)", "CREATE SEQUENCE s", "CREATE ROLE plain LOGIN",
                    "GRANT SELECT, INSERT, UPDATE, DELETE ON kept TO plain")) {
                Sql.ddl(owner, sql);
            }
            Sql.commit(owner, "INSERT INTO kept SELECT \"X\" FROM SYSTEM_RANGE(1, 100)");
            Set<String> before = files(outside);
            Session plain = host.process().connect(ConnectTo.database("postgres").as("plain"));
            Statements statements = new Statements(outside.toString().replace('\\', '/'));
            for (Session session : List.of(owner, plain)) {
                String who = session == owner ? "superuser" : "plain role";
                statements.dangerous().flatMap(Statements::disguised)
                        .filter(sql -> getsThrough(session, sql, false) || getsThrough(session, sql, true))
                        .forEach(sql -> succeeded.add(who + ": " + sql));
                assertThat(files(outside)).as("by " + who).isEqualTo(before);
                assertThat(Sql.single(session, Long.class, "SELECT COUNT(*) FROM kept")).as(who).isEqualTo(100);
            }
            assertThat(String.join("\n", succeeded)).isEmpty();
            assertThat(Sql.single(owner, Long.class, "SELECT COUNT(*) FROM information_schema.settings"
                    + " WHERE setting_name = 'write_delay' AND setting_value = '0'")).isOne();
            Sql.commit(owner, "INSERT INTO kept VALUES (101)");
        }
        try (TestHost again = TestHost.at(data)) {
            again.provider().enter(State.RECOVERY_FINISHED);
            assertThat(Sql.single(again.connect(), Long.class, "SELECT COUNT(*) FROM kept")).isEqualTo(101);
        }
    }

    /** With what it set up before, which the engine may accept: what counts is that it never runs. */
    private static boolean getsThrough(Session session, String sql, boolean readOnly) {
        try (Transaction tx = session.startTransaction(); Spi spi = tx.connect()) {
            try (Held snapshot = readOnly ? tx.snapshot().push() : () -> {}) {
                boolean success = spi.execute(sql, readOnly, 0).code().number() > 0;
                tx.abort();
                return success;
            }
        } catch (RuntimeException | Error e) {
            if (!(e instanceof Ereport ereport)) {
                throw e;
            }
            // Somebody's own mistake, and no fault within the engine, nor a session or database that is gone.
            return !ereport.data().sqlState().matches("(0A|22|25|2B|3F|42)...");
        }
    }

    private static Set<String> files(Path directory) throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            return found.filter(Files::isRegularFile).map(file -> directory.relativize(file) + " " + size(file))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String size(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
