package dev.bgworker.toolkit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ApplicationNameTest {

    @Test
    void nameThatFitsIsKept() { assertThat(ApplicationName.of("x".repeat(63))).isEqualTo("x".repeat(63)); }

    @Test
    void longNameIsCutBetweenCharacters() {
        assertThat(ApplicationName.of("x".repeat(62) + "é")).isEqualTo("x".repeat(62));
        assertThat(ApplicationName.of("😀".repeat(20))).isEqualTo("😀".repeat(15));
    }
}
