package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.itests.workers.Committer;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
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

    @Test
    public void aShellThatIsReplacedLeavesNothingInAPromptThatGoesOn() throws Exception {
        new Host(context);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Bundle shell = Arrays.stream(context.getBundles())
                .filter(each -> "dev.bgworker.shell".equals(each.getSymbolicName())).findFirst().orElseThrow();
        try (CommandSession prompt = Host.service(CommandProcessor.class, context)
                .createSession(InputStream.nullInputStream(), out, out)) {
            Host.patiently().until(() -> prompt.get("bgw:show") != null);
            assertThat(failure(prompt)).startsWith("ERROR:  ");
            WeakReference<ClassLoader> replaced = loader(shell);

            shell.update();

            Host.patiently().pollInterval(Duration.ofMillis(200)).until(() -> {
                System.gc();
                return replaced.get() == null;
            });
            Host.patiently().until(() -> prompt.get("bgw:show") != null);
            assertThat(failure(prompt)).startsWith("ERROR:  ");
        }
    }

    /** Kept as a prompt keeps it; what it says. */
    private static String failure(CommandSession prompt) {
        Throwable failed = catchThrowable(() -> prompt.execute("bgw:show 4711"));
        prompt.put("exception", failed);
        return failed.toString();
    }

    private static WeakReference<ClassLoader> loader(Host host, String version) {
        return loader(host.bundle("worker_spi", version).orElseThrow());
    }

    private static WeakReference<ClassLoader> loader(Bundle of) {
        return new WeakReference<>(of.adapt(BundleWiring.class).getClassLoader());
    }
}
