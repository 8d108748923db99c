package dev.bgworker.ipc.dsa;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SizeClassesTest {

    @Test
    void eachSizeGetsTheSmallestClassThatHoldsIt() {
        for (int size = 1; size <= SizeClasses.LARGEST; size++) {
            int sizeClass = SizeClasses.of(size);
            assertThat(SizeClasses.size(sizeClass)).isGreaterThanOrEqualTo(size);
            assertThat(sizeClass == 0 || SizeClasses.size(sizeClass - 1) < size).isTrue();
        }
        assertThat(SizeClasses.of(SizeClasses.LARGEST)).isEqualTo(SizeClasses.COUNT - 1);
    }

    @Test
    void powersOfTwoWasteNothing() {
        for (int size = 16; size <= SizeClasses.LARGEST; size *= 2) {
            assertThat(SizeClasses.size(SizeClasses.of(size))).isEqualTo(size);
        }
    }
}
