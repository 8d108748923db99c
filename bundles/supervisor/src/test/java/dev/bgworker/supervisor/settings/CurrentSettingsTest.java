package dev.bgworker.supervisor.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CurrentSettingsTest {

    private final CurrentSettings settings = new CurrentSettings();

    @Test
    void eachSettingIsShownByItsNameAndWithItsDefault() {
        assertThat(settings.all()).hasSize(18).containsAllEntriesOf(Map.of("max_worker_processes", "8", "lock_timeout", "0s",
                "durability", "durable", "track_activities", "on", "retention_time", "10s"));
        assertThat(settings.get("recovery_check")).isEqualTo("full");
        assertThat(settings.time("deadlock_timeout")).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.time("statement_timeout")).isZero();
    }

    @Test
    void aLibrarysOwnAreShownUnderTheirFullNames() {
        settings.set(Settings.DEFAULT.with(Map.of("worker_spi.naptime", "10")));

        assertThat(settings.get("worker_spi.naptime")).isEqualTo("10");
    }

    @Test
    void aNameThatIsNoneIs42704() {
        assertThat(catchThrowableOfType(ErrorException.class, () -> settings.get("work_mem")).data().sqlState())
                .isEqualTo("42704");
        assertThat(catchThrowableOfType(ErrorException.class, () -> settings.time("durability")).data().sqlState())
                .isEqualTo("22023");
    }

    @Test
    void aChangeReachesTheListenersAndWhatIsNoneDoesNot() {
        List<String> heard = new ArrayList<>();
        settings.listen(() -> {
            throw new IllegalStateException("one that fails");
        });
        Held listening = settings.listen(() -> heard.add(settings.get("lock_timeout")));

        settings.set(Settings.DEFAULT.with(Map.of("lock_timeout", "50")));
        settings.set(Settings.DEFAULT.with(Map.of("lock_timeout", "50ms")));
        settings.set(Settings.DEFAULT);
        listening.close();
        settings.set(Settings.DEFAULT.with(Map.of("lock_timeout", "1s")));

        assertThat(heard).containsExactly("50ms", "0s");
    }

    @Test
    void whatIsGivenWithoutAFileIsCheckedAsWell() {
        assertThatThrownBy(() -> Settings.DEFAULT.with(Map.of("durability", "none", "x", "y")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("\"none\"", "unknown key \"x\"");
    }
}
