package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.ActivityRow;
import dev.bgworker.itests.workers.UsesADataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import javax.inject.Inject;
import javax.sql.DataSource;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The DataSource services: each bundle has its own, and its connections end with it. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class DataSourceIT {

    @Inject
    private BundleContext context;
    private Host host;

    @Configuration
    public static Option[] host() { return new Option[]{Provisioned.host(DataSourceIT.class)}; }

    @Before
    public void table() {
        host = new Host(context);
        host.sql("CREATE TABLE IF NOT EXISTS written (a BIGINT)");
        host.sql("DELETE FROM written");
    }

    private List<ActivityRow> clients(String owner) {
        return host.server().activity().stream()
                .filter(row -> row.backendType().equals("client backend") && row.name().equals(owner)).toList();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    @Proves("R219")
    public void connectionOfABundleIsSeenAndEndsWithTheBundle() throws Exception {
        Bundle shop = context
                .installBundle(TestBundle.of("shop", "1.0.0").write(host.scratch("shop.jar")).toUri().toString());
        shop.start();
        DataSource source = Host.service(DataSource.class, shop.getBundleContext());
        assertThat(shop.getBundleContext().getServiceReference(DataSource.class).getProperty("bgw.database"))
                .isEqualTo("postgres");
        assertThat(shop.getBundleContext().getServiceReference(DataSource.class).getProperty("bgw.read_only"))
                .isEqualTo(false);
        Connection committed = source.getConnection();
        execute(committed, "INSERT INTO written VALUES (1)");
        Connection forgotten = source.getConnection();
        forgotten.setAutoCommit(false);
        execute(forgotten, "INSERT INTO written VALUES (2)");
        assertThat(clients("shop")).hasSize(2).allSatisfy(row -> assertThat(row.database()).isEqualTo("postgres"));
        assertThat(Host.service(DataSource.class, context)).as("another bundle's").isNotSameAs(source);

        shop.stop();

        assertThat(clients("shop")).isEmpty();
        assertThat(forgotten.isClosed()).isTrue();
        assertThat(host.sql("SELECT sum(a) FROM written")).isEqualTo(1);
        assertThatThrownBy(source::getConnection).isInstanceOf(SQLException.class);
        shop.uninstall();
    }

    @Test
    public void aWorkerWithoutConnectionUsesItAndItsLibraryTakesItAlong() throws Exception {
        host.drop(TestBundle.of("clients", "1.0.0").importing("javax.sql").function("write", UsesADataSource.class),
                "clients.jar");
        host.awaitFile("clients.jar", "CURRENT");
        BackgroundWorkerHandle handle = host.workers().register(BackgroundWorker.builder("writer", "clients", "write")
                .flags(Set.of()).restart(RestartPolicy.NEVER).build());

        long pid = handle.awaitReady(ofSeconds(10)).pid();

        assertThat(host.sql("SELECT sum(a) FROM written")).isEqualTo(pid);
        assertThat(clients("clients")).hasSize(1);
        host.remove("clients.jar");
        patiently().until(() -> clients("clients").isEmpty());
    }
}
