package dev.bgworker.toolkit;

import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

/** A schedule on the host itself, through the night in which summer time ends in Berlin. */
class MainLoopNightTest {

    private static final Instant MIDNIGHT = Instant.parse("2026-10-24T22:00:00Z");
    private static final Instant TWO = MIDNIGHT.plus(ofHours(2));
    private static final Instant THREE = MIDNIGHT.plus(ofHours(4));

    @RegisterExtension
    final BgworkerExtension night = BgworkerExtension.with(host -> host.at(MIDNIGHT));

    private final List<Instant> times = new CopyOnWriteArrayList<>();
    private final List<Instant> turns = new CopyOnWriteArrayList<>();

    private void start(TestHost host) {
        host.start(worker -> MainLoop.of(worker).cron("0 2,3 * * *", ZoneId.of("Europe/Berlin"))
                .run(turn -> turn.scheduled().ifPresent(time -> {
                    times.add(time);
                    turns.add(worker.time().now());
                }))).awaitIdle();
    }

    @Test
    void hourThatComesTwiceIsATurnOnce(TestHost host) {
        start(host);

        host.advance(ofHours(24));

        assertThat(times).containsExactly(TWO, THREE);
        assertThat(turns).isEqualTo(times);
    }

    @Test
    void clockThatIsSetForwardIsSeenWithinAMinute(TestHost host) {
        start(host);

        host.setWallClock(THREE.plusSeconds(10));
        host.advance(ofMinutes(1));

        assertThat(times).as("one turn makes up for both").containsExactly(THREE);
    }
}
