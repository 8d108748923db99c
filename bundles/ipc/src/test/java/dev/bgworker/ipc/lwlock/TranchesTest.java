package dev.bgworker.ipc.lwlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.process.ErrorException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TranchesTest {

    private final Tranches tranches = new Tranches();

    private String refused(String name) {
        return catchThrowableOfType(ErrorException.class, () -> tranches.register(name)).data().sqlState();
    }

    @Test
    @Tag("R143")
    @Tag("R144")
    void aNameHasOneToSixtyThreeBytes() {
        assertThat(refused(null)).isEqualTo("42602");
        assertThat(refused("")).isEqualTo("42602");
        assertThat(refused("ü".repeat(32))).isEqualTo("42622");
        assertThat(tranches.name(tranches.register("x".repeat(63)))).hasSize(63);
    }

    @Test
    @Tag("R144")
    void equalNamesGetIdsOfTheirOwn() { assertThat(tranches.register("same")).isNotEqualTo(tranches.register("same")); }

    @Test
    @Tag("R143")
    @Tag("R144")
    void thereAreTwoHundredAndFiftySix() {
        for (int i = 0; i < 256; i++) {
            assertThat(tranches.known(tranches.register("t" + i))).isTrue();
        }
        assertThat(refused("one more")).isEqualTo("53000");
        assertThat(tranches.known(257)).isFalse();
    }
}
