package dev.bgworker.spi.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentTextsTest {

    private final RecentTexts<String> texts = new RecentTexts<>();

    @Test
    void oneThatIsAskedForAgainAndAgainIsNotForgotten() {
        String used = "used";
        texts.put(used, "kept");
        for (int i = 0; i < 3 * RecentTexts.SIZE; i++) {
            assertThat(texts.put("text " + i, "value")).isNotEqualTo("kept");
            assertThat(texts.get(used)).isEqualTo("kept");
        }
    }

    @Test
    void theOneThatWasNotAskedForLongestIsForgotten() {
        for (int i = 0; i < RecentTexts.SIZE; i++) {
            assertThat(texts.put("text " + i, "value " + i)).isNull();
        }
        assertThat(texts.get("text 0")).isEqualTo("value 0");
        assertThat(texts.put("new", "new value")).isEqualTo("value 1");
        assertThat(texts.get("text 1")).isNull();
        assertThat(texts.get("new")).isEqualTo("new value");
    }

    @Test
    void anEqualTextIsTheSameText() {
        texts.put("text", "value");
        assertThat(texts.get(new String("text"))).isEqualTo("value");
    }
}
