package dev.bgworker.ipc;

import static dev.bgworker.ipc.Raised.sqlState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Proc;
import dev.bgworker.api.host.TransactionEvents;
import dev.bgworker.api.host.WorkerResource.Phase;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.api.process.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DsmScopeTest {

    private final IpcHost host = IpcHost.start();
    private final Peer creator = host.peer("creator");
    private final Peer other = host.peer("other");

    @AfterEach
    void stop() { host.close(); }

    @Test
    @Tag("R168")
    void plainScopeDetachesWhatItOwns() {
        long handle = creator.run(me -> {
            try (Scope scope = me.scope().open("part")) {
                Segment mine = me.shmem().createSegment(scope, 64);
                scope.commit();
                assertThat(sqlState(mine::area)).isEqualTo("55000");
                assertThat(sqlState(() -> me.shmem().createSegment(scope, 64))).isEqualTo("55000");
                return mine.handle();
            }
        });
        assertThat(other.finds(handle)).isFalse();
    }

    private void end(Proc me, Scope transaction, boolean commit) {
        TransactionEvents events = host.supervisor().transactionEvents();
        events.release(host.supervisor().procArray().current(), transaction, commit, Phase.BEFORE_LOCKS, Phase.AFTER_LOCKS);
    }

    private Scope begin(Scope parent, String name) {
        Scope scope = parent.open(name);
        host.supervisor().transactionEvents().begin(host.supervisor().procArray().current(), scope);
        return scope;
    }

    @Test
    @Tag("R168")
    @Tag("R208")
    void leftoverOfACommitIsAWarning() {
        try (Log log = new Log()) {
            creator.run(me -> {
                Scope aborted = begin(me.scope(), "transaction");
                Segment silent = me.shmem().createSegment(aborted, 64);
                end(me, aborted, false);
                assertThat(sqlState(silent::area)).isEqualTo("55000");
                assertThat(log.text()).doesNotContain("not closed");
                Scope committed = begin(me.scope(), "transaction");
                Segment closed = me.shmem().createSegment(committed, 64);
                Segment left = me.shmem().createSegment(committed, 64);
                closed.close();
                end(me, committed, true);
                assertThat(sqlState(left::area)).isEqualTo("55000");
                assertThat(log.text()).contains("resource was not closed: segment " + left.handle())
                        .doesNotContain("segment " + closed.handle());
                return null;
            });
        }
    }

    @Test
    @Tag("R168")
    @Tag("R211")
    void subtransactionHandsUpAtItsCommit() {
        creator.run(me -> {
            Scope transaction = begin(me.scope(), "transaction");
            Scope sub = begin(transaction, "subtransaction");
            Segment mine = me.shmem().createSegment(sub, 64);
            end(me, sub, true);
            assertThat(mine.area().size()).isEqualTo(64);
            Scope second = begin(transaction, "subtransaction");
            Segment inner = me.shmem().createSegment(second, 64);
            end(me, second, false);
            assertThat(sqlState(inner::area)).isEqualTo("55000");
            assertThat(mine.area().size()).isEqualTo(64);
            end(me, transaction, false);
            assertThat(sqlState(mine::area)).isEqualTo("55000");
            return null;
        });
    }

    @Test
    @Tag("R168")
    void segmentOfTheProcessOutlivesItsTransactions() {
        creator.run(me -> {
            Scope transaction = begin(me.scope(), "transaction");
            Segment mine = me.shmem().createSegment(me.scope(), 64);
            end(me, transaction, false);
            assertThat(mine.area().size()).isEqualTo(64);
            return null;
        });
    }
}
