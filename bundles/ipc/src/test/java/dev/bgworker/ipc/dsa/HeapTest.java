package dev.bgworker.ipc.dsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.dsm.Segments;
import dev.bgworker.ipc.dsm.SharedSegment;
import dev.bgworker.ipc.dsm.SharedSegment.Kind;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.Epoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HeapTest {

    private static final long MIB = 1 << 20;

    private final Segments segments = new Segments(new Epoch(0));
    private final Heap heap = heap(64 * MIB);
    private final Directory view = heap.directory();

    private Heap heap(long limit) {
        SharedSegment first = segments.create(Math.min(limit, MIB), Kind.DSA);
        Heap made = Heap.of(first, segments);
        made.format(limit);
        return made;
    }

    private Bytes bytes(long pointer) { return view.allocated(pointer).bytes(); }

    private long room(long pointer) { return view.allocated(pointer).room(Pointers.offset(pointer)); }

    private void fill(long pointer, long value) {
        long from = Pointers.offset(pointer);
        for (long at = 0; at < room(pointer); at += 8) {
            bytes(pointer).set(from + at, value);
        }
    }

    private void assertFilled(long pointer, long value) {
        long from = Pointers.offset(pointer);
        Bytes there = bytes(pointer);
        for (long at = 0; at < room(pointer); at += 8) {
            if (there.get(from + at) != value) {
                throw new AssertionError("0x" + Long.toHexString(pointer) + " has lost what it held at " + at);
            }
        }
    }

    private String freeState(long pointer) {
        return catchThrowableOfType(ErrorException.class, () -> heap.free(pointer)).data().sqlState();
    }

    @Test
    @Tag("R172")
    void nothingOverlapsAndAllIsZeroed() {
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            Map<Long, Long> live = new TreeMap<>();
            for (int step = 1; step < 2_000; step++) {
                if (random.nextInt(5) < 3) {
                    long size = random.nextInt(10) == 0
                            ? 1 + random.nextInt(300_000)
                            : 1 + random.nextInt(random.nextInt(9_000) + 1);
                    long pointer = heap.allocate(size);
                    if (pointer != 0) {
                        assertThat(room(pointer)).isGreaterThanOrEqualTo(size);
                        assertFilled(pointer, 0);
                        fill(pointer, step);
                        assertThat(live.put(pointer, (long) step)).isNull();
                    }
                } else if (!live.isEmpty()) {
                    long pointer = new ArrayList<>(live.keySet()).get(random.nextInt(live.size()));
                    assertFilled(pointer, live.remove(pointer));
                    heap.free(pointer);
                    assertThat(freeState(pointer)).isEqualTo("22023");
                }
            }
            live.forEach((pointer, value) -> {
                assertFilled(pointer, value);
                heap.free(pointer);
            });
            heap.trim();
            assertThat(heap.total()).as("seed %d", seed).isEqualTo(MIB);
        }
    }

    @Test
    @Tag("R172")
    void doubleFreeAndWildPointersAreErrors() {
        long small = heap.allocate(100);
        long large = heap.allocate(100_000);
        for (long wild : List.of(0L, -1L, small + 1, small + 16, large + 16, large + 4096, Pointers.of(7, 4096),
                Pointers.of(0, 8),
                Pointers.of(0, 1L << 39), Long.MAX_VALUE)) {
            assertThat(freeState(wild)).as("0x%x", wild).isEqualTo("22023");
            assertThat(view.allocated(wild)).isNull();
        }
        heap.free(small);
        heap.free(large);
        assertThat(freeState(small)).isEqualTo("22023");
        assertThat(freeState(large)).isEqualTo("22023");
        assertThat(view.allocated(small)).isNull();
    }

    /** Two that format the same segment have given its pages away twice. */
    @Test
    @Tag("R172")
    void whoLooksAtAPointerFormatsNothing() {
        SharedSegment first = segments.create(MIB, Kind.DSA);
        SharedSegment second = segments.create(MIB, Kind.SEGMENT);
        new Control(first.bytes()).handle(0, first.handle());
        new Control(first.bytes()).handle(1, second.handle());
        Directory looking = Heap.of(first, segments).directory();

        assertThat(looking.allocated(Pointers.of(0, 500_000))).isNull();
        assertThat(looking.allocated(Pointers.of(1, 500_000))).isNull();

        for (long at = 0; at < Pages.HEADER; at += Long.BYTES) {
            assertThat(first.bytes().get(at)).isZero();
            assertThat(second.bytes().get(at)).isZero();
        }
    }

    @Test
    @Tag("R172")
    void limitEndsGrowthAndWhatIsFreedCanBeHadAgain() {
        Heap limited = heap(2 * MIB);
        List<Long> all = new ArrayList<>();
        for (long pointer = limited.allocate(10_000); pointer != 0; pointer = limited.allocate(10_000)) {
            all.add(pointer);
        }
        assertThat(limited.total()).isLessThanOrEqualTo(2 * MIB);
        assertThat(all.size() * 12_288L).isGreaterThan(2 * MIB * 9 / 10);
        all.forEach(limited::free);
        long whole = limited.allocate(MIB - 100_000);
        assertThat(whole).isNotZero();
        assertThat(limited.allocate(MIB)).isZero();
        limited.free(whole);
    }

    /** What was kept in case it is wanted soon gives way to what is wanted now. */
    @Test
    @Tag("R172")
    void freeSegmentsGiveWayToALargerAllocation() {
        Heap limited = heap(4 * MIB);
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(limited.allocate(100_000));
        }
        assertThat(limited.total()).isGreaterThan(MIB);
        all.forEach(limited::free);
        assertThat(limited.allocate(2_900_000)).isNotZero();
    }

    @Test
    @Tag("R172")
    void trimGivesFreeSegmentsBack() {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            all.add(heap.allocate(1_000));
        }
        assertThat(heap.total()).isGreaterThan(10 * MIB);
        all.forEach(heap::free);
        heap.trim();
        assertThat(heap.total()).isEqualTo(MIB);
    }

    @Test
    @Tag("R172")
    void allocationLargerThanASegmentGetsOneOfItsOwn() {
        long pointer = heap.allocate(20 * MIB);
        assertThat(room(pointer)).isEqualTo(20 * MIB);
        assertFilled(pointer, 0);
        fill(pointer, 1);
        heap.free(pointer);
        long again = heap.allocate(10 * MIB);
        assertFilled(again, 0);
    }

    @Test
    @Tag("R172")
    void manyProcessesAtOnce() throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            long seed = i;
            all.add(CompletableFuture.runAsync(() -> use(heap, seed)));
        }
        for (CompletableFuture<Void> each : all) {
            each.get(60, TimeUnit.SECONDS);
        }
        heap.trim();
        assertThat(heap.total()).isEqualTo(MIB);
    }

    private static void use(Heap heap, long mark) {
        Directory view = heap.directory();
        Random random = new Random(mark);
        List<Long> mine = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            if (mine.size() < 100 && random.nextInt(2) == 0) {
                long pointer = heap.allocate(1 + random.nextInt(step % 100 == 0 ? 200_000 : 2_000));
                view.allocated(pointer).bytes().set(Pointers.offset(pointer), mark);
                mine.add(pointer);
            } else if (!mine.isEmpty()) {
                long pointer = mine.remove(random.nextInt(mine.size()));
                assertThat(view.allocated(pointer).bytes().get(Pointers.offset(pointer))).isEqualTo(mark);
                heap.free(pointer);
            }
        }
        mine.forEach(heap::free);
    }
}
