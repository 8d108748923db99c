package dev.bgworker.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.control.Server.ShmemRow;
import dev.bgworker.api.ipc.Dsa;
import dev.bgworker.api.ipc.LWLock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ListingTest {

    private static final long HEAP = 1 << 20;
    private static final long SPARE = 128 * 1024;

    private final IpcHost host = IpcHost.start(library -> {
        library.requestShmem("counters", 64);
        library.requestShmem("later", 100);
        library.requestLWLocks("locks", 3);
    });
    private final Peer first = host.peer("first");
    private final Peer second = host.peer("second");

    @AfterEach
    void stop() { host.close(); }

    private List<ShmemRow> rows(String... kinds) {
        return host.supervisor().providers().shmem().stream().filter(each -> List.of(kinds).contains(each.kind())).toList();
    }

    @Test
    void fixedMemoryIsListed() {
        first.run(me -> {
            me.shmem().initStruct("counters", 64);
            me.shmem().initStruct("another", 24);
            me.shmem().newTrancheId("locks");
            return null;
        });
        assertThat(rows("area", "tranche", "spare")).containsExactly(
                new ShmemRow("area", "another", 24, "spare"),
                new ShmemRow("area", "counters", 64, "requested"),
                new ShmemRow("area", "later", 100, "requested, not used yet"),
                new ShmemRow("tranche", "locks", 3 * LWLock.SIZE, "3 locks"),
                new ShmemRow("tranche", "locks", 0, "run-time tranche"),
                new ShmemRow("spare", null, SPARE - 24, "of " + SPARE + " bytes"));
    }

    @Test
    void segmentIsListedWithWhoHasItMapped() {
        long handle = first.run(me -> me.shmem().createSegment(me.scope(), 256).handle());
        second.run(me -> {
            me.shmem().attachSegment(me.scope(), handle).orElseThrow().pin();
            return null;
        });
        assertThat(rows("segment")).containsExactly(
                new ShmemRow("segment", String.valueOf(handle), 256, "mapped by 2, pinned"));
        first.close();
        assertThat(rows("segment")).extracting(ShmemRow::detail).containsExactly("mapped by 1, pinned");
    }

    @Test
    @Tag("R175")
    void namedOnesAreListedOnceUnderTheirHandles() {
        Dsa heap = first.run(me -> me.shmem().namedDsa("heap"));
        first.run(me -> me.shmem().namedSegment("bytes", 100, area -> {}));
        second.run(me -> me.shmem().namedSegment("bytes", 100, area -> {}));
        assertThat(rows("dsa", "segment", "name")).extracting(ShmemRow::kind, ShmemRow::size, ShmemRow::detail)
                .map(Object::toString).containsExactly(
                        "(\"segment\", 100L, \"\"bytes\", mapped by 2, pinned\")",
                        "(\"dsa\", " + HEAP + "L, \"\"heap\", mapped by 1, pinned, 1 segment\")");
        long handle = first.run(me -> heap.handle());
        assertThat(rows("dsa")).extracting(ShmemRow::name).containsExactly(String.valueOf(handle));
    }

    @Test
    @Tag("R175")
    void namesOfWhatIsNotThereAreListedToo() {
        assertThatThrownBy(() -> first.run(me -> me.shmem().namedSegment("failed", 100, area -> {
            throw new IllegalStateException("init");
        }))).hasStackTraceContaining("init");
        first.run(me -> {
            Dsa unpinned = me.shmem().namedDsa("unpinned");
            unpinned.unpin();
            unpinned.close();
            return null;
        });
        assertThat(rows("name")).extracting(ShmemRow::name).containsExactly("failed", "unpinned");
        assertThat(rows("name")).extracting(ShmemRow::detail).first().isEqualTo("not initialised");
        assertThat(rows("segment", "dsa")).isEmpty();
    }

    @Test
    void heapIsListedWithAllItsSegments() {
        first.run(me -> {
            Dsa heap = me.shmem().createDsa(me.scope(), Long.MAX_VALUE);
            return heap.allocate(4 * HEAP, false).orElseThrow();
        });
        assertThat(rows("dsa")).singleElement().satisfies(row -> {
            assertThat(row.size()).isGreaterThan(5 * HEAP);
            assertThat(row.detail()).isEqualTo("mapped by 1, 2 segments");
        });
        assertThat(rows("segment")).isEmpty();
    }

    @Test
    @Tag("R175")
    void epochIsFirstAndTellsTheWhole() {
        first.run(me -> me.shmem().namedSegment("bytes", 100, area -> {}));
        long fixed = 64 + 100 + 3 * LWLock.SIZE;
        assertThat(host.supervisor().providers().shmem()).first()
                .isEqualTo(new ShmemRow("epoch", "0", fixed + 100, "1 of 69 segments"));
        host.rebuild(1);
        assertThat(host.supervisor().providers().shmem()).first()
                .isEqualTo(new ShmemRow("epoch", "1", fixed, "0 of 64 segments"));
        assertThat(rows("segment", "name")).isEmpty();
        host.provider().close();
        assertThat(host.supervisor().providers().shmem()).isEmpty();
    }
}
