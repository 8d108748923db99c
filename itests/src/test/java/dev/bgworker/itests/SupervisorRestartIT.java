package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.Server;
import dev.bgworker.itests.workers.Idle;
import java.util.Arrays;
import java.util.Map;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** The supervisor's bundle stopped and started by hand, under files that were dropped before. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SupervisorRestartIT {

    @Inject
    private BundleContext context;

    @Configuration
    public static Option[] host() { return new Option[]{Provisioned.host(SupervisorRestartIT.class)}; }

    @Test
    public void whatWasDroppedRunsAgainAndCanGo() throws BundleException {
        Host before = new Host(context);
        before.drop(TestBundle.of("stays", "1.0.0").annotated("main", Idle.class, Map.of("name", "stays")), "stays.jar");
        before.awaitReady("stays");
        Bundle supervisor = Arrays.stream(context.getBundles())
                .filter(each -> "dev.bgworker.supervisor".equals(each.getSymbolicName())).findFirst().orElseThrow();

        supervisor.stop();
        assertThat(context.getServiceReference(Server.class)).isNull();
        supervisor.start();

        patiently().until(() -> context.getServiceReference(Server.class) != null);
        Host after = new Host(context);
        after.awaitReady("stays");
        after.remove("stays.jar");
        after.awaitGone("stays");
        patiently().until(() -> after.bundle("stays", "1.0.0").isEmpty());
    }
}
