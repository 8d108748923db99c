package dev.bgworker.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowTest {

    private static Pairs<Double> pairs(double[] ours, double... anchor) throws Exception {
        int[] next = new int[2];
        return new Pairs<>(() -> ours[next[0]++ % ours.length], () -> anchor[next[1]++ % anchor.length])
                .take(Duration.ZERO, List.of());
    }

    private static String held(double goal, double... ours) throws Exception {
        return Row.atMost(goal, "x", "us", pairs(ours, 1), value -> value).held();
    }

    @Test
    void atLeastFifteenPairsAreTakenWithTheOrderTurnedEachTime() throws Exception {
        StringBuilder order = new StringBuilder();
        Pairs<Integer> pairs = new Pairs<>(() -> order.append('o').length(), () -> order.append('a').length())
                .take(Duration.ZERO, List.of());
        assertThat(pairs.count()).isEqualTo(15);
        assertThat(order.toString()).startsWith("aooaaooa").hasSize(30);
    }

    @Test
    void ratioIsTheMedianOfThePairsRatios() throws Exception {
        Pairs<Double> pairs = pairs(new double[]{2, 40, 6}, 1, 10, 4);
        assertThat(pairs.ratio(value -> value).median()).isEqualTo(2);
        assertThat(pairs.ours(value -> value)).isEqualTo(6);
    }

    @Test
    void morePairsAreTakenWhileTheIntervalIsTooWide() throws Exception {
        int[] calls = new int[1];
        Pairs<Double> pairs = new Pairs<>(() -> calls[0]++ < 30 ? calls[0] % 7 + 1.0 : 1.0, () -> 1.0)
                .take(Duration.ofMinutes(1), List.of(value -> value));
        assertThat(pairs.count()).isGreaterThan(15);
        assertThat(pairs.ratio(value -> value).tooWide()).isFalse();
    }

    @Test
    void goalIsHeldWhenTheIntervalReachesIt() throws Exception {
        assertThat(held(1.5, 1.5)).isEqualTo("yes");
        assertThat(held(1.5, 1.49, 1.52, 1.53)).isEqualTo("yes");
        assertThat(held(1.5, 1.51)).isEqualTo("no");
    }

    @Test
    void wideIntervalIsVoid() throws Exception { assertThat(held(1.5, 0.5, 1, 2, 3, 9)).isEqualTo("void"); }

    @Test
    void limitThatTheAnchorMissesTooIsVoid() {
        assertThat(Row.within(5, "x", "ms", 4, 1).held()).isEqualTo("yes");
        assertThat(Row.within(5, "x", "ms", 6, 1).held()).isEqualTo("no");
        assertThat(Row.within(5, "x", "ms", 6, 7).held()).isEqualTo("void");
    }

    @Test
    void fileHasOneLinePerRowUnderTheHeading(@TempDir Path directory) throws Exception {
        Path csv = directory.resolve("target/ratios.csv");
        Ratios ratios = new Ratios(csv);
        ratios.begin();
        ratios.add(Row.atMost(1.5, "launch-p50", "us", pairs(new double[]{130}, 100), value -> value));
        ratios.add(Row.alone("memory-waiting-heap", "bytes", 800));
        assertThat(Files.readAllLines(csv)).containsExactly("name,ours,anchor,ratio,goal,held",
                "launch-p50,130.000,100.000,1.300,1.500,yes", "memory-waiting-heap,800.000,,,,");
    }

    @Test
    void unknownNameIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> Benchmarks.named("lunch")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"lunch\"").hasMessageContaining("many-registered");
    }
}
