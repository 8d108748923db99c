package test_shm_mq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.process.ErrorException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MessagesTest {

    private final Messages messages = new Messages(64, true);

    private static ByteBuffer copy(ByteBuffer of) { return ByteBuffer.allocate(of.remaining()).put(of.duplicate()).flip(); }

    @Test
    void eachDiffersFromTheOnesBeforeAndAfter() {
        ByteBuffer first = copy(messages.get(0));

        assertThat(first.remaining()).isEqualTo(64);
        assertThat(messages.get(1)).isNotEqualTo(first);
        assertThat(messages.get(2)).isNotEqualTo(first);
        messages.verify(0, first);
    }

    @Test
    void aChangedByteAMissingByteAndAnotherMessageAreCorruption() {
        ByteBuffer changed = copy(messages.get(7)).put(9, (byte) (messages.get(7).get(messages.get(7).position() + 9) + 1));
        ByteBuffer shorter = copy(messages.get(7)).limit(63);

        assertThat(catchThrowableOfType(ErrorException.class, () -> messages.verify(7, changed)).data().detail())
                .contains("another byte at offset 9");
        assertThat(catchThrowableOfType(ErrorException.class, () -> messages.verify(7, shorter)).data().detail())
                .contains("with 64 bytes and came back with 63");
        assertThat(catchThrowableOfType(ErrorException.class, () -> messages.verify(7, copy(messages.get(8)))).data()
                .sqlState()).isEqualTo("XX001");
    }

    @Test
    void withoutVerifyingNothingIsCompared() {
        assertThatCode(() -> new Messages(64, false).verify(7, ByteBuffer.allocate(3))).doesNotThrowAnyException();
    }

    @Test
    void theRateIsOfWholeRounds() {
        Options options = new Options(65_536, 64, 1_000, 3, true, true);

        assertThat(new Throughput(options, 500_000_000)).hasToString(
                "1,000 messages of 64 bytes went round 3 workers, pipelined, in 0.500 s, each compared with what was sent\n"
                        + "2,000 messages/s, 128,000 bytes/s");
    }

    @Test
    void aRateBelowTenHasFractions() {
        Options options = new Options(65_536, 1, 1, 1, false, false);

        assertThat(new Throughput(options, 4_000_000_000L).toString()).endsWith("\n0.250 messages/s, 0.250 bytes/s");
        assertThat(new Throughput(options, 100_000_000).toString()).endsWith("\n10 messages/s, 10 bytes/s");
    }
}
