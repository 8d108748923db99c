package dev.bgworker.spi;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.api.spi.Session;
import dev.bgworker.spi.jdbc.Connectable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What clients are told of databases, and what a database leaves on the disk. */
class ConnectableTest {

    @TempDir
    Path data;

    @Test
    void whatCanBeConnectedToFollowsTheServerState() {
        List<Connectable> told = new CopyOnWriteArrayList<>();
        try (TestHost host = TestHost.at(data)) {
            host.provider().watchDatabases(told::add);

            host.provider().enter(State.CONSISTENT);
            assertThat(told).last().isEqualTo(new Connectable(Set.of("postgres"), true));
            assertThat(told.subList(0, told.size() - 1)).containsOnly(Connectable.NONE);

            host.provider().enter(State.RECOVERY_FINISHED);
            assertThat(told).last().isEqualTo(new Connectable(Set.of("postgres"), false));
        }
        assertThat(told).last().isEqualTo(new Connectable(Set.of(), false));
    }

    @Test
    void waitsAndErrorsOfStatementsLeaveNoTraceFile() throws IOException {
        try (TestHost host = TestHost.at(data)) {
            host.settings().set("lock_timeout", "200ms");
            host.provider().enter(State.RECOVERY_FINISHED);
            Session db = host.connect();
            Sql.ddl(db, "CREATE TABLE t (a INT)");
            Sql.commit(db, "INSERT INTO t VALUES (1)");
            try (Transaction holder = db.startTransaction(); Spi spi = holder.connect()) {
                spi.execute("UPDATE t SET a = 2", false, 0);
                Sql.assertFails(host.connect(), "55P03", "UPDATE t SET a = 3");
                spi.close();
            }
            Sql.assertFails(db, "42P01", "SELECT 'secret' FROM nope");
        }
        try (Stream<Path> files = Files.walk(data)) {
            assertThat(files.map(Path::toString)).noneMatch(file -> file.endsWith(".trace.db"));
        }
    }
}
