package dev.bgworker.supervisor.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LoaderWatchTest {

    private record Alarm(Instant when, Runnable then) {}

    private static final class Time extends Clock {

        private Instant now = Instant.EPOCH;

        @Override
        public Instant instant() { return now; }

        @Override
        public ZoneId getZone() { return ZoneOffset.UTC; }

        @Override
        public Clock withZone(ZoneId zone) { return this; }
    }

    private final Time clock = new Time();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>((a, b) -> a.when().compareTo(b.when()));
    private final AtomicInteger collections = new AtomicInteger();
    private final List<String> wired = new ArrayList<>();
    private final List<String> threads = new ArrayList<>();
    private final LoaderWatch watch = new LoaderWatch(clock,
            (wait, then) -> alarms.add(new Alarm(clock.now.plus(wait), then)), collections::incrementAndGet,
            loader -> threads);
    private final ClassLoader loader = new URLClassLoader(new URL[0]);

    private WeakReference<ClassLoader> goes(String version) {
        WeakReference<ClassLoader> reference = new WeakReference<>(loader);
        watch.gone(new LoaderWatch.Gone("crawler", version, "crawler.jar", reference, () -> wired));
        return reference;
    }

    private void pass(Duration time) {
        Instant end = clock.now.plus(time);
        while (!alarms.isEmpty() && !alarms.peek().when().isAfter(end)) {
            Alarm next = alarms.remove();
            clock.now = next.when();
            next.then().run();
        }
        clock.now = end;
    }

    @Test
    @Tag("R8")
    void oneThatIsStillHeldAfterAMinuteAlthoughACollectionWasAskedForIsShownWithWhoHoldsIt() {
        threads.add("thread \"fetcher\" (it is in crawler.Fetcher.run)");
        wired.add("bundle reader 1.0.0, which is wired to it");
        goes("1.0.0");

        pass(Duration.ofSeconds(59));
        assertThat(collections).hasValue(1);
        assertThat(watch.rows()).isEmpty();
        pass(Duration.ofSeconds(1));

        assertThat(collections).hasValue(1);
        assertThat(watch.rows()).singleElement().satisfies(row -> {
            assertThat(row.name()).isEqualTo("crawler");
            assertThat(row.version()).isEqualTo("1.0.0");
            assertThat(row.file()).isEqualTo("crawler.jar");
            assertThat(row.state()).isEqualTo("HELD");
            assertThat(row.reason()).contains("fetcher", "crawler.Fetcher.run", "reader 1.0.0", "60 s");
        });
    }

    @Test
    void whereNobodyIsSeenToHoldItItIsNotSpokenOfBeforeItIsOldEnoughForACollectionToTakeIt() {
        goes("1.0.0");

        pass(Duration.ofSeconds(249));
        assertThat(watch.rows()).isEmpty();
        pass(Duration.ofSeconds(1));

        assertThat(collections).hasValue(20);
        assertThat(watch.rows()).singleElement()
                .satisfies(row -> assertThat(row.reason()).contains("250 s", "thread local", "static"));
        pass(Duration.ofHours(1));
        assertThat(collections).hasValue(20);
    }

    @Test
    void oneThatALaterCollectionTookIsNotSpokenOf() {
        WeakReference<ClassLoader> reference = goes("1.0.0");
        pass(Duration.ofSeconds(120));
        reference.clear();

        pass(Duration.ofMinutes(5));

        assertThat(watch.rows()).isEmpty();
        assertThat(collections).hasValue(8);
    }

    @Test
    void oneThatIsGarbageByThenIsNotSpokenOfAndNeedsNoCollection() {
        goes("1.0.0").clear();

        pass(Duration.ofMinutes(5));

        assertThat(collections).hasValue(0);
        assertThat(watch.rows()).isEmpty();
    }

    @Test
    void oneThatTheCollectionTookIsNotSpokenOf() {
        WeakReference<ClassLoader> reference = goes("1.0.0");
        pass(Duration.ofSeconds(50));
        reference.clear();

        pass(Duration.ofMinutes(5));

        assertThat(watch.rows()).isEmpty();
    }

    @Test
    void oneThatIsLetGoLaterIsShownNoLonger() {
        threads.add("thread \"fetcher\"");
        WeakReference<ClassLoader> reference = goes("1.0.0");
        pass(Duration.ofSeconds(60));
        assertThat(watch.rows()).hasSize(1);

        reference.clear();

        assertThat(watch.rows()).isEmpty();
    }

    @Test
    void versionsThatGoTogetherShareACollectionAndLaterOnesGetAnother() {
        threads.add("thread \"fetcher\"");
        goes("1.0.0");
        pass(Duration.ofSeconds(2));
        goes("2.0.0");
        pass(Duration.ofSeconds(8));
        goes("3.0.0");

        pass(Duration.ofMinutes(2));

        assertThat(collections).hasValue(2);
        assertThat(watch.rows()).extracting("version").containsExactly("1.0.0", "2.0.0", "3.0.0");
    }
}
