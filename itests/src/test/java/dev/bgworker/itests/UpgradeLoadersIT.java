package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.itests.workers.Committer;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;

/** A library that is replaced again and again leaves nothing behind. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class UpgradeLoadersIT {

    private static final int VERSIONS = 20;

    @Inject
    private BundleContext context;

    @Configuration
    public static Option[] host() { return new Option[]{Provisioned.host(UpgradeLoadersIT.class)}; }

    @Test
    @Proves("R8")
    public void twentyReplacementsLeaveAtMostTwoClassLoaders() {
        Host host = new Host(context);
        host.drop(TestBundle.of("committer", "1.0.0").annotated("main", Committer.class, Map.of("name", "committer")),
                "committer.jar");
        host.awaitReady("committer");
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        long pid = 0;
        for (int version = 1; version <= VERSIONS; version++) {
            host.drop(TestBundle.copy(host.shipped("demo", "worker_spi"), version + ".0.0"), "worker_spi.jar");
            host.awaitReadyAfter("SPI worker 1", pid);
            pid = host.awaitReadyAfter("SPI worker 2", pid).pid();
            loaders.add(loader(host, version + ".0.0"));
        }

        assertThat(host.awaitReady("SPI worker 2").restarts()).isEqualTo(VERSIONS - 1);
        Host.patiently().pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            System.gc();
            assertThat(loaders.stream().filter(each -> each.get() != null).count()).isLessThanOrEqualTo(1);
        });
        assertThat(host.sql("SELECT COUNT(*) FROM committed")).isGreaterThan(VERSIONS);
        assertThat(host.awaitReady("committer").restarts()).isZero();
    }

    private static WeakReference<ClassLoader> loader(Host host, String version) {
        return new WeakReference<>(
                host.bundle("worker_spi", version).orElseThrow().adapt(BundleWiring.class).getClassLoader());
    }
}
