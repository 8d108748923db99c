package dev.bgworker.ipc.mq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.ShmToc;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.IpcHost;
import dev.bgworker.ipc.Peer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ShmTocTest {

    private static final long MAGIC = 0x79fb2447;
    private static final long[] SIZES = {1, 64, 100};
    private static final long SIZE = ShmToc.estimate(SIZES);
    private static final int MANY = 200;

    private final IpcHost host = IpcHost.start(loading -> {
        loading.requestShmem("toc", SIZE);
        loading.requestShmem("large", ShmToc.estimate(new long[2 * MANY]) + 64L * 2 * MANY);
    });
    private final Peer one = host.peer("one");
    private final Peer other = host.peer("other");

    @AfterEach
    void stop() { host.close(); }

    private static ShmToc toc(Proc me) { return me.shmem().initStruct("toc", SIZE).as(ShmToc.class); }

    private static ShmToc created(Proc me) {
        ShmToc toc = toc(me);
        toc.create(MAGIC);
        return toc;
    }

    private static void assertState(Throwable raised, String sqlState) {
        assertThat(raised).isInstanceOfSatisfying(ErrorException.class,
                error -> assertThat(error.data().sqlState()).isEqualTo(sqlState));
    }

    @Test
    @Tag("R167")
    void whatOneInsertsAnotherFinds() {
        one.run(me -> {
            ShmToc toc = created(me);
            for (int i = 0; i < SIZES.length; i++) {
                Area area = toc.insert(Long.MIN_VALUE + i, SIZES[i]);
                assertThat(area.size()).isEqualTo(SIZES[i]);
                area.slice(0, 1).write(0, ByteBuffer.wrap(new byte[]{(byte) i}));
            }
            return null;
        });
        other.run(me -> {
            ShmToc toc = toc(me);
            assertThat(toc.attach(MAGIC)).isTrue();
            for (int i = 0; i < SIZES.length; i++) {
                Area area = toc.lookup(Long.MIN_VALUE + i).orElseThrow();
                assertThat(area.size()).isEqualTo(SIZES[i]);
                ByteBuffer read = ByteBuffer.allocate(1);
                area.read(0, read);
                assertThat(read.get(0)).isEqualTo((byte) i);
            }
            assertThat(toc.lookup(0)).isEmpty();
            return null;
        });
    }

    @Test
    @Tag("R167")
    void anotherMagicNumberIsNoTable() {
        one.run(me -> created(me));
        other.run(me -> {
            ShmToc toc = toc(me);
            assertThat(toc.attach(MAGIC + 1)).isFalse();
            assertThatThrownBy(() -> toc.lookup(1)).satisfies(e -> assertState(e, "55000"));
            return null;
        });
    }

    @Test
    @Tag("R167")
    void beyondTheEstimateIsOutOfSharedMemory() {
        one.run(me -> {
            ShmToc toc = created(me);
            for (int i = 0; i < SIZES.length; i++) {
                toc.insert(i, SIZES[i]);
            }
            assertThatThrownBy(() -> toc.insert(9, 1)).satisfies(e -> assertState(e, "53200"));
            assertThatThrownBy(() -> toc.insert(9, Long.MAX_VALUE)).satisfies(e -> assertState(e, "53200"));
            assertThatThrownBy(() -> toc.insert(0, 1)).satisfies(e -> assertState(e, "42710"));
            assertThatThrownBy(() -> toc.insert(9, 0)).satisfies(e -> assertState(e, "22023"));
            return null;
        });
    }

    @Test
    @Tag("R167")
    void insertsOfTwoAtOnceGetAreasOfTheirOwn() {
        one.run(me -> {
            large(me).create(MAGIC);
            return null;
        });
        List<CompletableFuture<List<Area>>> both = new ArrayList<>();
        for (Peer peer : List.of(one, other)) {
            long first = peer == one ? 0 : MANY;
            both.add(peer.start(me -> {
                ShmToc toc = large(me);
                toc.attach(MAGIC);
                List<Area> mine = new ArrayList<>();
                for (int i = 0; i < MANY; i++) {
                    Area area = toc.insert(first + i, 8);
                    area.set(0, first + i);
                    mine.add(area);
                }
                return mine;
            }));
        }
        both.forEach(Peer::get);
        one.run(me -> {
            ShmToc toc = large(me);
            toc.attach(MAGIC);
            for (int i = 0; i < 2 * MANY; i++) {
                assertThat(toc.lookup(i).orElseThrow().get(0)).isEqualTo(i);
            }
            return null;
        });
    }

    private static ShmToc large(Proc me) {
        return me.shmem().initStruct("large", ShmToc.estimate(new long[2 * MANY]) + 64L * 2 * MANY).as(ShmToc.class);
    }

    @Test
    void aNumberOfEntriesThatDoNotFitIsDamage() {
        one.run(me -> {
            ShmToc toc = created(me);
            me.shmem().initStruct("toc", SIZE).set(8, -1);
            assertThatThrownBy(() -> toc.lookup(1)).satisfies(e -> assertState(e, "XX001"));
            assertThatThrownBy(() -> toc.insert(1, 8)).satisfies(e -> assertState(e, "XX001"));
            return null;
        });
    }

    @Test
    void aTableReadsNothingBehindItsArea() {
        one.run(me -> {
            Area all = me.shmem().initStruct("large", ShmToc.estimate(new long[2 * MANY]) + 64L * 2 * MANY);
            ShmToc toc = all.slice(0, 128).as(ShmToc.class);
            toc.create(MAGIC);
            all.set(8, 5); // there is room for four
            all.set(128, 1); // what looks like the fifth is a neighbour's
            all.set(136, 64);
            assertThatThrownBy(() -> toc.lookup(1)).satisfies(e -> assertState(e, "XX001"));
            return null;
        });
    }
}
