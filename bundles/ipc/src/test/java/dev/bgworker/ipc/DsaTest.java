package dev.bgworker.ipc;

import static dev.bgworker.ipc.Raised.sqlState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.Dsa;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R172")
class DsaTest {

    private static final long NONE = Long.MAX_VALUE;

    private final IpcHost host = IpcHost.start();
    private final Peer creator = host.peer("creator");
    private final Peer other = host.peer("other");

    @AfterEach
    void stop() { host.close(); }

    private boolean there(long handle) {
        return other.run(me -> {
            var dsa = me.shmem().attachDsa(me.scope(), handle);
            dsa.ifPresent(Dsa::close);
            return dsa.isPresent();
        });
    }

    @Test
    void pointersAreGoodInEachProcess() {
        Dsa mine = creator.run(me -> me.shmem().createDsa(me.scope(), NONE));
        long pointer = creator.run(me -> {
            long made = mine.allocate(3_000_000, false).orElseThrow();
            mine.at(made).set(2_999_992, 42);
            return made;
        });
        other.run(me -> {
            Dsa theirs = me.shmem().attachDsa(me.scope(), mine.handle()).orElseThrow();
            assertThat(theirs.at(pointer).get(2_999_992)).isEqualTo(42);
            theirs.free(pointer);
            theirs.close();
            assertThat(sqlState(() -> theirs.at(pointer))).isEqualTo("55000");
            return null;
        });
        creator.run(me -> {
            assertThat(sqlState(() -> mine.at(pointer))).isEqualTo("22023");
            assertThat(sqlState(() -> mine.free(pointer))).isEqualTo("22023");
            assertThat(sqlState(() -> me.shmem().attachDsa(me.scope(), mine.handle()))).isEqualTo("55000");
            return null;
        });
    }

    @Test
    void requestsAreChecked() {
        creator.run(me -> {
            Dsa dsa = me.shmem().createDsa(me.scope(), 1 << 20);
            assertThat(sqlState(() -> dsa.allocate(0, false))).isEqualTo("22023");
            assertThat(sqlState(() -> dsa.allocate(-1, true))).isEqualTo("22023");
            assertThat(sqlState(() -> dsa.allocate(1 << 30, false))).isEqualTo("22023");
            assertThat(dsa.allocate((1 << 30) - 1, false)).isEmpty();
            assertThat(dsa.allocate(1 << 30, true)).isEmpty();
            assertThat(sqlState(() -> dsa.allocate(Long.MAX_VALUE, true))).isEqualTo("22023");
            assertThat(sqlState(() -> me.shmem().createDsa(me.scope(), 1000))).isEqualTo("22023");
            assertThat(me.shmem().attachDsa(me.scope(), 4711)).isEmpty();
            return null;
        });
    }

    @Test
    void allocationsBelongToNoScope() {
        Dsa mine = creator.run(me -> me.shmem().createDsa(me.scope(), NONE));
        creator.run(me -> {
            long pointer;
            try (Scope scope = me.scope().open("part")) {
                pointer = mine.allocate(100, false).orElseThrow();
                scope.abort();
            }
            assertThat(mine.at(pointer).size()).isGreaterThanOrEqualTo(100);
            return null;
        });
    }

    @Test
    void goesWithItsLastMappingAndAllItsSegmentsWithIt() {
        Dsa mine = creator.run(me -> {
            Dsa made = me.shmem().createDsa(me.scope(), NONE);
            for (int i = 0; i < 10; i++) {
                made.allocate(5_000_000, false).orElseThrow();
            }
            return made;
        });
        long handle = creator.run(me -> mine.handle());
        assertThat(there(handle)).isTrue();
        creator.run(me -> {
            mine.close();
            for (int i = 0; i < 64 + 10; i++) {
                me.shmem().createSegment(me.scope(), 8);
            }
            return null;
        });
        assertThat(there(handle)).isFalse();
    }

    @Test
    void pinsArePaired() {
        Dsa mine = creator.run(me -> me.shmem().createDsa(me.scope(), NONE));
        long pointer = creator.run(me -> {
            assertThat(sqlState(mine::unpin)).isEqualTo("55000");
            mine.pin();
            assertThat(sqlState(mine::pin)).isEqualTo("55000");
            long made = mine.allocate(8, false).orElseThrow();
            mine.at(made).set(0, 7);
            mine.close();
            return made;
        });
        long handle = mine.handle();
        other.run(me -> {
            Dsa theirs = me.shmem().attachDsa(me.scope(), handle).orElseThrow();
            assertThat(theirs.at(pointer).get(0)).isEqualTo(7);
            theirs.unpin();
            return null;
        });
        other.close();
        creator.run(me -> {
            assertThat(me.shmem().attachDsa(me.scope(), handle)).isEmpty();
            return null;
        });
    }

    @Test
    void areaOfAnAllocationCanBeALock() {
        creator.run(me -> {
            Dsa dsa = me.shmem().createDsa(me.scope(), NONE);
            Area area = dsa.at(dsa.allocate(LWLock.SIZE, false).orElseThrow());
            area.as(LWLock.class).initialize(me.shmem().newTrancheId("mine"));
            area.as(LWLock.class).acquire(LockMode.EXCLUSIVE).close();
            return null;
        });
    }

    @Test
    void noMoreSlotsIsOutOfMemory() {
        creator.run(me -> {
            Dsa dsa = me.shmem().createDsa(me.scope(), NONE);
            for (int i = 0; i < 64 + 5 - 1; i++) {
                me.shmem().createSegment(me.scope(), 8);
            }
            assertThat(dsa.allocate(5_000_000, false)).isEmpty();
            assertThat(dsa.allocate(100, false)).isPresent();
            return null;
        });
    }
}
