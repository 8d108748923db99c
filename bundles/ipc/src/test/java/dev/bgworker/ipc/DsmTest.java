package dev.bgworker.ipc;

import static dev.bgworker.ipc.Raised.sqlState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.api.process.ErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DsmTest {

    private final IpcHost host = IpcHost.start();
    private final Peer creator = host.peer("creator");
    private final Peer other = host.peer("other");

    @AfterEach
    void stop() { host.close(); }

    private long handle(long size) {
        Segment made = creator.createSegment(size);
        return creator.run(me -> made.handle());
    }

    @Test
    @Tag("R169")
    @Tag("R171")
    void anotherProcessAttachesByHandleAndSeesTheSameBytes() {
        long handle = handle(100);
        creator.run(me -> {
            Segment again = me.shmem().createSegment(me.scope(), 8);
            assertThat(again.handle()).isNotEqualTo(handle);
            assertThat(again.area().found()).isFalse();
            return null;
        });
        other.run(me -> {
            Area area = me.shmem().attachSegment(me.scope(), handle).orElseThrow().area();
            assertThat(area.size()).isEqualTo(100);
            assertThat(area.found()).isTrue();
            area.set(0, 4711);
            return null;
        });
        long seen = creator.run(me -> {
            assertThat(sqlState(() -> me.shmem().attachSegment(me.scope(), handle))).isEqualTo("55000");
            return 1L;
        });
        assertThat(seen).isEqualTo(1);
    }

    @Test
    @Tag("R171")
    void workerGetsTheHandleInItsArgument() throws Exception {
        Segment mine = creator.createSegment(64);
        BackgroundWorkerHandle worker = host.worker(
                builder -> builder.mainArg(Datum.of(mine.handle())), me -> {
                    long handle = me.entry().mainArg().asLong();
                    me.shmem().attachSegment(me.scope(), handle).orElseThrow().area().set(8, 42);
                });
        worker.awaitShutdown(IpcHost.LONG);
        assertThat(creator.<Long>run(me -> mine.area().get(8))).isEqualTo(42);
    }

    @Test
    @Tag("R169")
    void unknownHandleIsEmptyAndOneOfAnAreaIsAnError() {
        assertThat(other.finds(4711)).isFalse();
        assertThat(other.finds(-1)).isFalse();
        long dsa = creator.run(me -> me.shmem().createDsa(me.scope(), Long.MAX_VALUE).handle());
        other.run(me -> {
            assertThat(sqlState(() -> me.shmem().attachSegment(me.scope(), dsa))).isEqualTo("42809");
            return null;
        });
    }

    @Test
    @Tag("R170")
    void goesWithItsLastMapping() {
        Segment mine = creator.createSegment(64);
        long handle = mine.handle();
        Segment theirs = other.run(me -> me.shmem().attachSegment(me.scope(), handle).orElseThrow());
        creator.closes(mine);
        assertThat(creator.finds(handle)).isTrue();
        other.closes(theirs);
        assertThat(creator.finds(handle)).isFalse();
        creator.run(me -> {
            assertThat(sqlState(mine::area)).isEqualTo("55000");
            mine.close();
            return null;
        });
    }

    @Test
    @Tag("R168")
    @Tag("R169")
    @Tag("R170")
    void pinnedOneStaysUntilItIsUnpinned() {
        Segment mine = creator.createSegment(64);
        long handle = mine.handle();
        creator.run(me -> {
            assertThat(sqlState(mine::unpin)).isEqualTo("55000");
            mine.pin();
            assertThat(sqlState(mine::pin)).isEqualTo("55000");
            mine.area().set(0, 5);
            mine.close();
            return null;
        });
        other.run(me -> {
            Segment again = me.shmem().attachSegment(me.scope(), handle).orElseThrow();
            assertThat(again.area().get(0)).isEqualTo(5);
            again.unpin();
            again.close();
            return null;
        });
        assertThat(other.finds(handle)).isFalse();
    }

    @Test
    @Tag("R170")
    void limitIsSixtyFourAndFivePerProcess() {
        creator.run(me -> {
            other.pid();
            List<Segment> all = new ArrayList<>();
            AtomicReference<ErrorException> refused = new AtomicReference<>();
            while (refused.get() == null) {
                try {
                    all.add(me.shmem().createSegment(me.scope(), 8));
                } catch (ErrorException e) {
                    refused.set(e);
                }
            }
            assertThat(all).hasSize(64 + 5);
            assertThat(refused.get().data().sqlState()).isEqualTo("53000");
            assertThat(refused.get().data().detail()).contains("69 of 69");
            return null;
        });
        assertThat(other.<Boolean>run(me -> {
            me.shmem().createSegment(me.scope(), 8);
            return true;
        })).isTrue();
    }

    @Test
    void sizeAndOwnerAreChecked() {
        creator.run(me -> {
            assertThat(sqlState(() -> me.shmem().createSegment(me.scope(), 0))).isEqualTo("22023");
            assertThat(sqlState(() -> me.shmem().createSegment(me.scope(), Long.MAX_VALUE))).isEqualTo("22023");
            assertThat(sqlState(() -> me.shmem().createSegment(null, 8))).isEqualTo("22023");
            return null;
        });
    }
}
