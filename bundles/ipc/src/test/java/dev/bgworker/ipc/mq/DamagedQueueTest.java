package dev.bgworker.ipc.mq;

import static dev.bgworker.api.ipc.ShmMq.Result.SUCCESS;
import static dev.bgworker.ipc.mq.QueueFixture.RING;
import static dev.bgworker.ipc.mq.QueueFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.Segment;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.memory.MappedArea;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words of a queue are everybody's to overwrite. */
class DamagedQueueTest {

    private static final long WRITTEN = 64;
    private static final long READ = 128;

    private final QueueFixture queue = new QueueFixture();

    @AfterEach
    void stop() { queue.close(); }

    private static void assertDamaged(Throwable raised) {
        assertThat(raised).isInstanceOfSatisfying(ErrorException.class, error -> {
            assertThat(error.data().sqlState()).isEqualTo("XX001");
            assertThat(error.data().message()).startsWith("message queue at offset ").endsWith("is damaged");
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 40, 8, -7, -RING - 8})
    void aSenderWritesNothingOutsideOfItsQueue(long read) {
        queue.sender().run(me -> {
            Segment segment = me.shmem().createSegment(me.scope(), 8L * RING);
            Area area = segment.area().slice(0, QueueFixture.AREA);
            Area behind = segment.area().slice(QueueFixture.AREA, RING);
            ShmMq mq = area.as(ShmMq.class);
            mq.create();
            ShmMq.Sender out = mq.attachSender();
            area.set(READ, read);
            assertThatThrownBy(() -> out.send(true, true, bytes(2 * RING, 1))).satisfies(DamagedQueueTest::assertDamaged);
            ByteBuffer there = ByteBuffer.allocate(RING);
            behind.read(0, there);
            assertThat(there.array()).containsOnly(0);
            return null;
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 40, RING + 8, 7, -8})
    void aReceiverBelievesNoMoreThanTheRingHolds(long written) {
        queue.attached().receiver().run(me -> {
            queue.area(me).set(WRITTEN, written);
            assertThatThrownBy(() -> queue.in().receive(true)).satisfies(DamagedQueueTest::assertDamaged);
            return null;
        });
    }

    @Test
    void whatIsSentAfterTheDamageIsMendedIsReceived() {
        queue.attached().sender().run(me -> {
            queue.area(me).set(READ, 8);
            assertThatThrownBy(() -> queue.out().send(true, true, bytes(2 * RING, 1)))
                    .satisfies(DamagedQueueTest::assertDamaged);
            queue.area(me).set(READ, 0);
            return null;
        });
        assertThat(queue.send(true, true, bytes(20, 1))).isEqualTo(SUCCESS);
        assertThat(queue.receive(true)).isEqualTo(SUCCESS);
        assertThat(queue.message()).isEqualTo(bytes(20, 1).array());
    }

    /** One of 2 GiB is not needed to see that: it is refused before a byte of it is written. */
    @Test
    @Tag("R158")
    void aMessageBeyondTheLongestIsRefusedHoweverLargeTheRing() {
        queue.sender().run(me -> {
            MappedArea small = (MappedArea) me.shmem().createSegment(me.scope(), 2L * RING).area();
            MappedArea large = new MappedArea(small.mapping(), null, 0, (1L << 30) + RING, true);
            ShmMq mq = new OwnShmMq(large, new AttachedEnds(queue.host().supervisor().waitGraph()));
            mq.create();
            ShmMq.Sender out = mq.attachSender();
            ByteBuffer[] parts = new ByteBuffer[1 << 10];
            Arrays.fill(parts, ByteBuffer.allocate(1 << 20));
            assertThatThrownBy(() -> out.send(true, true, parts)).isInstanceOfSatisfying(ErrorException.class,
                    error -> assertThat(error.data().sqlState()).isEqualTo("54000"));
            return null;
        });
    }
}
