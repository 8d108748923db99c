package dev.bgworker.toolkit;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.spi.Portal;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiPlan;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import java.sql.Connection;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;

/** A session that traces its calls; statements give the scripted answers in turn, and then one row with 42. */
final class ScriptedSession implements Session {

    final Deque<Supplier<SpiResult>> answers = new ArrayDeque<>();
    final Deque<RuntimeException> commitFailures = new ArrayDeque<>();
    final Deque<RuntimeException> abortFailures = new ArrayDeque<>();
    private final Map<String, Queue<Notification>> inboxes = new HashMap<>();
    private final Deque<Transaction> open = new ArrayDeque<>();
    private final List<String> trace;
    private int snapshots;
    private Transaction.Mode[] started;

    ScriptedSession(List<String> trace) { this.trace = trace; }

    @Override
    public String database() { return "postgres"; }

    @Override
    public Transaction startTransaction(Transaction.Mode... modes) {
        trace.add("start" + (modes.length == 0 ? "" : " " + List.of(modes)));
        started = modes;
        open.push(new Open("transaction"));
        return open.peek();
    }

    @Override
    public Inbox<Notification> listen(String channel) {
        trace.add("LISTEN " + channel);
        Queue<Notification> messages = inboxes.computeIfAbsent(channel, key -> new ArrayDeque<>());
        return new Inbox<>() {
            @Override
            public Optional<Notification> poll() { return Optional.ofNullable(messages.poll()); }

            @Override
            public void close() { inboxes.remove(channel); }
        };
    }

    /** It comes on that channel, which somebody listens to. */
    void arrives(String channel, String payload) {
        inboxes.get(channel).add(new Notification(channel, payload, 2));
    }

    @Override
    public Optional<Transaction> transaction() { return Optional.ofNullable(open.peek()); }

    @Override
    public Optional<Transaction.Snapshot> activeSnapshot() {
        return snapshots == 0
                ? Optional.empty()
                : Optional.of(() -> {
                    throw new UnsupportedOperationException("not scripted");
                });
    }

    private final class Open extends ScriptedScope implements Transaction {

        Open(String name) { super(name, ScriptedSession.this.trace); }

        @Override
        public Transaction open(String child) {
            open.push(new Open(child));
            return open.peek();
        }

        @Override
        public Spi connect(Spi.Option... options) {
            trace.add("SPI_connect");
            return new Spi() {
                @Override
                public SpiResult execute(String sql, boolean readOnly, long count, Object... args) {
                    trace.add((readOnly ? "read " : "execute ") + sql);
                    return answers.isEmpty() ? Rows.of(42) : answers.poll().get();
                }

                @Override
                public SpiPlan prepare(String sql) { throw new UnsupportedOperationException(); }

                @Override
                public Optional<Portal> cursorFind(String name) { throw new UnsupportedOperationException(); }

                @Override
                public Held registerRelation(String name, SpiResult rows) { throw new UnsupportedOperationException(); }

                @Override
                public void commit(boolean chain) { throw new UnsupportedOperationException(); }

                @Override
                public void rollback(boolean chain) { throw new UnsupportedOperationException(); }

                @Override
                public void close() { trace.add("SPI_finish"); }
            };
        }

        @Override
        public void asyncNotify(String channel, String payload) { throw new UnsupportedOperationException(); }

        @Override
        public Set<Mode> characteristics() {
            Set<Mode> all = EnumSet.noneOf(Mode.class);
            Collections.addAll(all, started);
            if (!all.contains(Mode.REPEATABLE_READ)) {
                all.add(Mode.READ_COMMITTED);
            }
            return all;
        }

        @Override
        public Connection connection() { throw new UnsupportedOperationException(); }

        @Override
        public Snapshot snapshot() {
            return () -> {
                trace.add("push");
                snapshots++;
                return new Held() {
                    private boolean popped;

                    @Override
                    public void close() {
                        if (!popped) {
                            trace.add("pop");
                            snapshots--;
                            popped = true;
                        }
                    }
                };
            };
        }

        @Override
        public void commit() {
            if (!commitFailures.isEmpty()) {
                throw commitFailures.poll();
            }
            super.commit();
        }

        @Override
        public void abort() {
            if (!abortFailures.isEmpty()) {
                throw abortFailures.poll();
            }
            super.abort();
        }

        @Override
        void end(String how) {
            open.remove(this);
            super.end(how);
        }
    }
}
