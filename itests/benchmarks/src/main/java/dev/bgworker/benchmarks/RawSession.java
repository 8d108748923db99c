package dev.bgworker.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The anchor: the same statements on plain JDBC, prepared once, on a database of its own with the same settings. One thread. */
final class RawSession implements AutoCloseable {

    private final String url;
    private final Connection connection;
    private PreparedStatement insert;
    private PreparedStatement take;
    private PreparedStatement add;
    private PreparedStatement read;
    private int key;

    RawSession(String url) throws SQLException {
        this.url = url;
        this.connection = DriverManager.getConnection(url, "ADMIN", "admin");
    }

    RawSession with(List<String> schema) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : schema) {
                statement.execute(sql);
            }
        }
        return this;
    }

    /** Once the tables are there. */
    RawSession prepared() throws SQLException {
        connection.setAutoCommit(false);
        insert = connection.prepareStatement(WorkerSpiTurn.INSERT);
        take = connection.prepareStatement(WorkerSpiTurn.TAKE);
        add = connection.prepareStatement(WorkerSpiTurn.ADD);
        read = connection.prepareStatement(WorkerSpiTurn.READ);
        return this;
    }

    void turn() throws SQLException {
        insert.executeUpdate();
        long deltas;
        try (ResultSet rows = take.executeQuery()) {
            rows.next();
            deltas = rows.getLong(1);
        }
        add.setLong(1, deltas);
        add.executeUpdate();
        connection.commit();
    }

    int read() throws SQLException {
        read.setInt(1, key++ % WorkerSpiTurn.KEYS);
        try (ResultSet rows = read.executeQuery()) {
            rows.next();
            return rows.getInt(1);
        } finally {
            connection.commit();
        }
    }

    void empty() throws SQLException { connection.commit(); }

    /** Another one, opened and closed. */
    void open() throws SQLException {
        DriverManager.getConnection(url, "ADMIN", "admin").close();
    }

    @Override
    public void close() throws SQLException {
        try (connection; Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN");
        } catch (SQLException expected) {
            // the database is closed, and says so of the connection that asked for it
        }
    }
}
