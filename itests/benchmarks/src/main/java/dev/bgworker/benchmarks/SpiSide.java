package dev.bgworker.benchmarks;

import dev.bgworker.api.Backend;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.Transaction;
import dev.bgworker.toolkit.Transactions;
import java.util.List;

/** Ours: one session of SPI, in the scoped and in the explicit form. One thread, which is the backend. */
final class SpiSide implements AutoCloseable {

    private final Backend backend;
    private final Session session;
    private final Transactions scoped;
    private final Transactions reading;
    private int key;

    SpiSide(BenchHost host) {
        backend = host.openBackend("bench");
        session = backend.connect(ConnectTo.database("postgres"));
        scoped = Transactions.of(backend, session);
        reading = scoped.readOnly();
    }

    SpiSide with(List<String> schema) {
        for (String sql : schema) {
            scoped.inTransaction(in -> in.execute(sql));
        }
        return this;
    }

    void turn() {
        scoped.inTransaction(sql -> {
            sql.execute(WorkerSpiTurn.INSERT);
            long deltas = sql.single(Long.class, WorkerSpiTurn.TAKE);
            return sql.execute(WorkerSpiTurn.ADD, deltas);
        });
    }

    /** The seed's cycle, call for call, with a snapshot that read-write statements do not need. */
    void cycle() {
        backend.activity().statementStart();
        try (Transaction tx = session.startTransaction(); Spi spi = tx.connect(); Held snapshot = tx.snapshot().push()) {
            spi.execute(WorkerSpiTurn.INSERT, false, 0);
            long deltas = spi.execute(WorkerSpiTurn.TAKE, false, 0).get(0, 1, Long.class);
            spi.execute(WorkerSpiTurn.ADD, false, 0, deltas);
            spi.close();
            snapshot.close();
            tx.commit();
        }
    }

    /** One row, with what a query needs that changes nothing. */
    int read() {
        return scoped.inTransaction(sql -> sql.single(Integer.class, WorkerSpiTurn.READ, key++ % WorkerSpiTurn.KEYS));
    }

    /** The same under a pushed snapshot, read_only=true. */
    int readOnly() {
        return reading.inTransaction(sql -> sql.single(Integer.class, WorkerSpiTurn.READ, key++ % WorkerSpiTurn.KEYS));
    }

    void empty() { session.startTransaction().commit(); }

    void snapshot() {
        try (Transaction tx = session.startTransaction()) {
            tx.snapshot().push().close();
            tx.commit();
        }
    }

    @Override
    public void close() { backend.close(); }
}
