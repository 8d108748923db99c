package dev.bgworker.ipc;

import static dev.bgworker.ipc.Raised.error;
import static dev.bgworker.ipc.Raised.sqlState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.Library;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.ipc.fixed.Fixed;
import dev.bgworker.ipc.fixed.FixedMemory;
import dev.bgworker.ipc.memory.Epoch;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The request phase and what it makes, as the host builds it and hooks see it. */
class FixedMemoryTest {

    private final List<String> told = new ArrayList<>();
    /** Without a wait graph: a hook waits for nobody. */
    private final FixedMemory memory = new FixedMemory(
            (hook, fixed) -> hook.accept(new StartupMemory(new SharedState(fixed), null)));

    private Consumer<SharedMemory> hook(String name) { return shmem -> told.add(name + " " + shmem.epoch()); }

    private static long value(SharedMemory shmem, String name) { return shmem.initStruct(name, 64).get(0); }

    @Test
    @Tag("R130")
    @Tag("R136")
    void hooksRunOnZeroedMemoryInTheOrderOfTheLibraries() {
        Library.Init a = memory.loading("a");
        Library.Init b = memory.loading("b");
        b.requestShmem("shared", 64);
        b.onShmemStartup(hook("b"));
        a.onShmemStartup(shmem -> {
            Area area = shmem.initStruct("shared", 64);
            assertThat(area.found()).isFalse();
            assertThat(area.get(0)).isZero();
            area.set(0, 42);
            told.add("a");
        });
        a.onShmemStartup(hook("a again"));
        b.onShmemStartup(shmem -> told.add("b finds " + shmem.initStruct("shared", 64).found() + value(shmem, "shared")));
        assertThat(told).isEmpty();
        memory.build(new Epoch(0));
        assertThat(told).containsExactly("a", "a again 0", "b 0", "b finds true42");
    }

    @Test
    @Tag("R130")
    void hookIsNoProcess() {
        memory.loading("a").requestLWLocks("locks", 1);
        memory.loading("b").onShmemStartup(shmem -> {
            LWLock lock = shmem.lwlockTranche("locks").get(0);
            assertThat(sqlState(() -> lock.acquire(LockMode.SHARED))).isEqualTo("55000");
            assertThat(sqlState(() -> shmem.namedDsa("x"))).isEqualTo("55000");
            assertThat(sqlState(() -> shmem.createSegment(null, 8))).isEqualTo("55000");
            told.add("ran");
        });
        memory.build(new Epoch(0));
        assertThat(told).containsExactly("ran");
    }

    @Test
    @Tag("R132")
    @Tag("R135")
    void requestsAreChecked() {
        Library.Init a = memory.loading("a");
        Library.Init b = memory.loading("b");
        a.requestShmem("x".repeat(47), 64);
        a.requestShmem("é".repeat(23), 1);
        assertThat(sqlState(() -> a.requestShmem("x".repeat(48), 64))).isEqualTo("42622");
        assertThat(sqlState(() -> a.requestShmem("é".repeat(24), 64))).isEqualTo("42622");
        assertThat(sqlState(() -> a.requestShmem(null, 64))).isEqualTo("22023");
        assertThat(sqlState(() -> a.requestShmem("", 64))).isEqualTo("22023");
        assertThat(sqlState(() -> a.requestShmem("y", 0))).isEqualTo("22023");
        assertThat(sqlState(() -> a.requestShmem("y", -1))).isEqualTo("22023");
        assertThat(sqlState(() -> a.requestShmem("y", 1L << 31))).isEqualTo("22023");
        assertThat(error(() -> b.requestShmem("x".repeat(47), 64)).detail()).contains("\"a\"");
        assertThat(sqlState(() -> a.requestShmem("x".repeat(47), 64))).isEqualTo("42710");
        b.requestShmem("y", 64);
    }

    @Test
    @Tag("R143")
    void tranchesAreChecked() {
        Library.Init a = memory.loading("a");
        Library.Init b = memory.loading("b");
        a.requestLWLocks("t".repeat(63), 2);
        assertThat(sqlState(() -> a.requestLWLocks("t".repeat(64), 1))).isEqualTo("42622");
        assertThat(sqlState(() -> a.requestLWLocks(null, 1))).isEqualTo("42602");
        assertThat(sqlState(() -> a.requestLWLocks("", 1))).isEqualTo("42602");
        assertThat(sqlState(() -> a.requestLWLocks("none", 0))).isEqualTo("22023");
        assertThat(sqlState(() -> b.requestLWLocks("t".repeat(63), 2))).isEqualTo("42710");
        for (int i = 1; i < 256; i++) {
            b.requestLWLocks("t" + i, 1);
        }
        assertThat(sqlState(() -> a.requestLWLocks("too many", 1))).isEqualTo("53000");
        Fixed made = memory.build(new Epoch(0));
        assertThat(made.locks("t".repeat(63)).size()).isEqualTo(2 * LWLock.SIZE);
        assertThat(sqlState(() -> memory.loading("late").requestLWLocks("too many", 1))).isEqualTo("53000");
    }

    @Test
    @Tag("R133")
    @Tag("R134")
    @Tag("R135")
    void spareIsSmallAndForWhatNobodyRequested() {
        memory.loading("a").requestShmem("requested", 1 << 20);
        Fixed made = memory.build(new Epoch(0));
        assertThat(made.initStruct("requested", 1 << 20).found()).isFalse();
        assertThat(made.initStruct("large", 100 * 1024).found()).isFalse();
        assertThat(made.initStruct("large", 100 * 1024).found()).isTrue();
        assertThat(error(() -> made.initStruct("more", 100 * 1024)).sqlState()).isEqualTo("53200");
        assertThat(made.initStruct("little", 28 * 1024).found()).isFalse();
        assertThat(sqlState(() -> made.initStruct("last", 1))).isEqualTo("53200");
        assertThat(sqlState(() -> made.initStruct("large", 100))).isEqualTo("22023");
        assertThat(sqlState(() -> made.initStruct("requested", 100))).isEqualTo("22023");
    }

    @Test
    @Tag("R134")
    void requestedSizeBindsBeforeAnybodyHasAsked() {
        memory.loading("a").requestShmem("requested", 64);
        Fixed made = memory.build(new Epoch(0));
        assertThat(sqlState(() -> made.initStruct("requested", 65))).isEqualTo("22023");
        assertThat(sqlState(() -> made.initStruct("requested", 63))).isEqualTo("22023");
        assertThat(made.initStruct("requested", 64).found()).isFalse();
    }

    @Test
    @Tag("R133")
    void lateLibraryHasItsMemoryAndItsHooksAtOnce() {
        Fixed made = memory.build(new Epoch(0));
        Library.Init late = memory.loading("late");
        late.requestShmem("late", 1 << 20);
        late.requestLWLocks("late locks", 3);
        late.onShmemStartup(shmem -> {
            assertThat(shmem.initStruct("late", 1 << 20).found()).isFalse();
            assertThat(shmem.lwlockTranche("late locks")).hasSize(3);
            told.add("ran");
        });
        assertThat(told).containsExactly("ran");
        assertThat(made.initStruct("late", 1 << 20).found()).isTrue();
    }

    @Test
    @Tag("R137")
    void libraryThatComesBackFindsWhatItHad() {
        Library.Init first = memory.loading("a");
        first.requestShmem("area", 64);
        first.requestLWLocks("locks", 2);
        first.onShmemStartup(shmem -> shmem.initStruct("area", 64).set(0, 7));
        memory.build(new Epoch(0));
        memory.unloaded("a");
        Library.Init again = memory.loading("a");
        again.requestShmem("area", 64);
        again.requestLWLocks("locks", 2);
        again.onShmemStartup(shmem -> told.add(shmem.initStruct("area", 64).found() + " " + value(shmem, "area")));
        assertThat(told).containsExactly("true 7");
        Library.Init other = memory.loading("a");
        assertThat(sqlState(() -> other.requestShmem("area", 128))).isEqualTo("22023");
        assertThat(sqlState(() -> other.requestLWLocks("locks", 3))).isEqualTo("22023");
    }

    @Test
    @Tag("R58")
    void nextEpochIsBuiltOfTheSameRequestsAndTheHooksRunAgainOnZeroedMemory() {
        Library.Init a = memory.loading("a");
        a.requestShmem("area", 64);
        a.requestLWLocks("locks", 2);
        a.onShmemStartup(shmem -> {
            Area area = shmem.initStruct("area", 64);
            told.add(shmem.epoch() + " " + area.found() + " " + area.get(0) + " " + shmem.newTrancheId("run time"));
            area.set(0, 42);
        });
        Epoch first = new Epoch(0);
        memory.build(first);
        first.end();
        Fixed second = memory.build(new Epoch(1));
        assertThat(told).containsExactly("0 false 0 2", "1 false 0 2");
        assertThat(second.locks("locks").size()).isEqualTo(2 * LWLock.SIZE);
    }

    @Test
    @Tag("R58")
    void hookOfALibraryThatWentIsNotRunAndNotKept() {
        Library.Init gone = memory.loading("gone");
        gone.requestShmem("area", 64);
        AtomicReference<Object> code = new AtomicReference<>(new Object());
        WeakReference<Object> loader = register(gone, code.get());
        memory.build(new Epoch(0));
        memory.unloaded("gone");
        code.set(null);
        Fixed next = memory.build(new Epoch(1));
        assertThat(told).containsExactly("gone 0");
        assertThat(next.initStruct("area", 64).found()).isFalse();
        for (int i = 0; i < 100 && !loader.refersTo(null); i++) {
            System.gc();
        }
        assertThat(loader.refersTo(null)).isTrue();
    }

    private WeakReference<Object> register(Library.Init library, Object code) {
        library.onShmemStartup(shmem -> told.add("gone " + shmem.epoch() + code.toString().substring(0, 0)));
        return new WeakReference<>(code);
    }

    @Test
    @Tag("R133")
    void hookOfALateLibraryThatFailsIsNotRunAgain() {
        memory.build(new Epoch(0));
        Library.Init late = memory.loading("late");
        assertThatThrownBy(() -> late.onShmemStartup(shmem -> {
            throw new IllegalStateException("broken");
        })).hasMessage("broken");
        late.onShmemStartup(hook("another"));
        memory.build(new Epoch(1));
        assertThat(told).containsExactly("another 0", "another 1");
    }

    /** Between the end of one epoch and the building of the next. */
    @Test
    @Tag("R58")
    void hookThatComesWhileAResetIsUnderWayRunsOnTheNewMemory() {
        Epoch first = new Epoch(0);
        memory.build(first);
        first.end();
        memory.loading("late").onShmemStartup(hook("late"));
        assertThat(told).isEmpty();
        memory.build(new Epoch(1));
        assertThat(told).containsExactly("late 1");
    }

    @Test
    @Tag("R136")
    void libraryThatIsLoadedAgainComesLast() {
        memory.loading("a").onShmemStartup(hook("a"));
        memory.loading("b").onShmemStartup(hook("b"));
        memory.build(new Epoch(0));
        memory.unloaded("a");
        memory.loading("a").onShmemStartup(hook("a again"));
        memory.build(new Epoch(1));
        assertThat(told).containsExactly("a 0", "b 0", "a again 0", "b 1", "a again 1");
    }

    @Test
    @Tag("R136")
    void hookThatFailsEndsTheBuilding() {
        memory.loading("a").onShmemStartup(shmem -> shmem.initStruct("", 1));
        assertThatThrownBy(() -> memory.build(new Epoch(0))).isInstanceOf(ErrorException.class);
    }
}
