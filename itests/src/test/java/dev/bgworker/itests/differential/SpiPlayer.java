package dev.bgworker.itests.differential;

import dev.bgworker.api.Backend;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A session of SPI, whatever engine is below. */
final class SpiPlayer implements Player {

    private final Backend backend;
    private final Session session;
    private final Deque<Transaction> subs = new ArrayDeque<>();
    private final Deque<Held> pushed = new ArrayDeque<>();
    private final Map<String, Transaction.Snapshot> taken = new HashMap<>();
    private Transaction top;
    private Spi spi;

    /** The calling thread becomes the backend. */
    SpiPlayer(Backend backend) {
        this.backend = backend;
        this.session = backend.connect(ConnectTo.database("postgres"));
    }

    private static String outcome(Runnable step) {
        try {
            step.run();
            return "";
        } catch (ErrorException e) {
            return "!" + e.data().sqlState();
        }
    }

    @Override
    public String begin(String... modes) {
        return outcome(() -> {
            Transaction started = session
                    .startTransaction(Arrays.stream(modes).map(Transaction.Mode::valueOf).toArray(Transaction.Mode[]::new));
            top = started;
            spi = top.connect();
        });
    }

    private void forget() {
        subs.clear();
        pushed.clear();
        taken.clear();
        top = null;
    }

    @Override
    public String commit() {
        return outcome(() -> {
            try {
                spi.close();
                while (!pushed.isEmpty()) {
                    pushed.pop().close();
                }
                top.commit();
            } finally {
                forget();
            }
        });
    }

    @Override
    public String abort() {
        return outcome(() -> {
            top.abort();
            forget();
        });
    }

    @Override
    public String sub() { return outcome(() -> subs.push((subs.isEmpty() ? top : subs.peek()).open("sub" + subs.size()))); }

    @Override
    public String release() { return outcome(() -> subs.pop().commit()); }

    @Override
    public String rollback() { return outcome(() -> subs.pop().abort()); }

    private Transaction innermost() { return subs.isEmpty() ? top : subs.peek(); }

    @Override
    public String take(String snapshot) { return outcome(() -> taken.put(snapshot, innermost().snapshot())); }

    @Override
    public String push(String snapshot) {
        return outcome(() -> {
            if (!taken.containsKey(snapshot)) {
                taken.put(snapshot, innermost().snapshot());
            }
            pushed.push(taken.get(snapshot).push());
        });
    }

    @Override
    public String pop() { return outcome(() -> pushed.pop().close()); }

    @Override
    public String run(String sql, boolean readOnly) {
        if (top == null) {
            String begun = begin();
            String outcome = begun.isEmpty() ? run(sql, readOnly) : begun;
            String ended = outcome.startsWith("!") ? abort() : commit();
            return ended.isEmpty() ? outcome : ended;
        }
        try {
            return text(spi.execute(sql, readOnly, 0));
        } catch (ErrorException e) {
            return "!" + e.data().sqlState();
        }
    }

    private static String text(SpiResult result) {
        if (result.natts() == 0) {
            return result.code() == SpiResult.Code.OK_UTILITY ? "" : "#" + result.processed();
        }
        return IntStream.range(0, result.numvals()).mapToObj(row -> IntStream.rangeClosed(1, result.natts())
                .mapToObj(column -> result.get(row, column, String.class)).collect(Collectors.joining(", ")))
                .collect(Collectors.joining(" | "));
    }

    @Override
    public void end() {
        if (top != null) {
            abort();
        }
    }

    @Override
    public void close() { backend.close(); }
}
