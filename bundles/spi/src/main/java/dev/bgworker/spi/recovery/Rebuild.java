package dev.bgworker.spi.recovery;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.engine.Inspection;
import dev.bgworker.spi.engine.Inspection.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * {@code REINDEX DATABASE}: a store made anew from what is committed in it. First {@link #prepare}, while it is open and
 * nobody else is connected, writes and checks the new file beside it; then {@link #swap}, when it is closed, puts that in its
 * place by one rename. Up to the rename a kill leaves the old file where it was, and at most files beside it, which the next
 * try removes. One use, one thread.
 */
public final class Rebuild {

    private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);
    private static final String REBUILT = ".rebuilt";
    // Transactions whose numbers may mark rows that nobody owns: H2 gives the lowest that is free.
    private static final int NUMBERS = 240;

    private final Store store;
    private final Store fresh;
    private final Path file;
    private final Path script;
    private final Clock clock;
    private final Runnable check;

    Rebuild(Store store, Clock clock, Runnable check) {
        this.store = store;
        this.clock = clock;
        this.check = check;
        this.fresh = store.beside(REBUILT);
        this.file = store.file().orElseThrow(() -> new ErrorException(
                errcode("0A000", "cannot reindex database \"" + store.name() + "\", which is in memory")));
        this.script = file.resolveSibling(store.place() + REBUILT + ".sql");
    }

    /** Writes the new file. Without it when this fails. */
    public void prepare() throws SQLException {
        removeLeftovers();
        try {
            Inside.host(() -> {
                Map<String, Long> before = dump();
                check.run();
                restore(before);
                return null;
            });
        } catch (SQLException | RuntimeException e) {
            removeLeftovers();
            throw e;
        }
        delete(script);
    }

    private void removeLeftovers() {
        delete(script);
        fresh.file().ifPresent(Rebuild::delete);
    }

    private static void delete(Path each) {
        try {
            Files.deleteIfExists(each);
        } catch (IOException e) {
            throw failed("remove", each, e);
        }
    }

    /**
     * In a transaction whose number is beyond those that were in use: in one that has the number of a dead transaction, its
     * rows would be dumped as if they were committed.
     */
    private Map<String, Long> dump() throws SQLException {
        List<Connection> fillers = new ArrayList<>();
        try {
            for (int i = 0; i < NUMBERS; i++) {
                fillers.add(transaction());
            }
            try (Connection beyond = transaction()) {
                execute(beyond, engine().dump(script.toString()));
                return rows(store, beyond);
            }
        } finally {
            for (Connection each : fillers) {
                each.close();
            }
        }
    }

    private Connection transaction() throws SQLException {
        Connection connection = store.admin();
        try {
            engine().inspection().stream(connection);
            connection.setAutoCommit(false);
            execute(connection, engine().pin());
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private void restore(Map<String, Long> before) throws SQLException {
        try (Connection admin = fresh.admin()) {
            try {
                execute(admin, engine().restore(script.toString()));
                engine().inspection().stream(admin);
                compare(before, rows(fresh, admin));
                List<String> faults = new DatabaseCheck(fresh, progress()).run();
                if (!faults.isEmpty()) {
                    throw new ErrorException(errcode("XX001", "the rebuilt database is damaged as well")
                            .errdetail(String.join("; ", faults) + "."));
                }
            } finally {
                close(admin);
            }
        }
    }

    /** With the store, and its file. */
    private void close(Connection admin) throws SQLException {
        try {
            execute(admin, engine().shutdown(true));
        } catch (SQLException e) {
            if (engine().failure(e) != Engine.Failure.SESSION) {
                throw e;
            }
        }
    }

    private static void compare(Map<String, Long> before, Map<String, Long> after) {
        if (!before.equals(after)) {
            throw new ErrorException(errcode("XX001", "the rebuilt database has not the rows of the old one")
                    .errdetail("Before: " + before + ", after: " + after + "."));
        }
    }

    private Map<String, Long> rows(Store of, Connection admin) throws SQLException {
        Map<String, Long> rows = new TreeMap<>();
        Inspection inspection = engine().inspection();
        Progress progress = progress();
        List<Table> tables = inspection.tables(admin);
        for (int i = 0; i < tables.size(); i++) {
            progress.table(of.name(), tables.get(i), i + 1, tables.size());
            try (Statement statement = admin.createStatement();
                    ResultSet row = statement.executeQuery(inspection.scan(tables.get(i)))) {
                long count = 0;
                while (row.next()) {
                    count++;
                    progress.row();
                }
                rows.put(tables.get(i).toString(), count);
            }
        }
        return rows;
    }

    private Progress progress() {
        return new Progress(clock, () -> {
            check.run();
            return false;
        });
    }

    /** The store is closed; it may be opened when this returns or fails. */
    public void swap() {
        Path rebuilt = fresh.file().orElseThrow();
        Path kept = kept();
        try {
            Forced.file(rebuilt);
            keep(kept);
            Files.move(rebuilt, file, StandardCopyOption.ATOMIC_MOVE);
            Forced.directory(file.getParent());
        } catch (IOException e) {
            throw failed("replace", file, e);
        }
        LOG.info("database \"{}\" is rebuilt; what it was is kept in {}", store.name(), kept);
    }

    /** A second name for the old file, which the rename takes the first one of; a copy where there are no second names. */
    private void keep(Path kept) throws IOException {
        try {
            Files.createLink(kept, file);
        } catch (UnsupportedOperationException e) {
            LOG.debug("{} is copied: {}", file, e.getMessage());
            Files.copy(file, kept);
            Forced.file(kept);
        }
    }

    /** Nothing that was kept before is lost. */
    private Path kept() {
        Path kept = file.resolveSibling(file.getFileName() + ".damaged");
        for (int i = 2; Files.exists(kept); i++) {
            kept = file.resolveSibling(file.getFileName() + ".damaged." + i);
        }
        return kept;
    }

    private Engine engine() { return store.engine(); }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static ErrorException failed(String what, Path file, IOException cause) {
        return new ErrorException(errcode("58030", "could not " + what + " file \"" + file + "\": " + cause)
                .errhint("Check that there is room for a second copy of the database."), cause);
    }
}
