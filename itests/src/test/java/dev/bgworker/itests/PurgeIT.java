package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.Interrupts.Signal;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.Transaction;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/** The examples purge and purge_launcher, dropped: databases come and go, and the workers follow. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class PurgeIT {

    @Inject
    private BundleContext context;
    private Host host;

    @Configuration
    public static Option[] host() {
        return new Option[]{Provisioned.host(PurgeIT.class, "library_grace = 1s", "purge.keep = 7d")};
    }

    @Before
    public void dropTheLauncher() {
        host = new Host(context);
        drop("purge_launcher");
        host.awaitReady("purge launcher");
    }

    @After
    public void removeThem() {
        for (String each : new String[]{"purge_launcher.jar", "purge.jar"}) {
            if (host.file(each).isPresent()) {
                host.remove(each);
                patiently().until(() -> host.file(each).isEmpty());
            }
        }
        patiently().alias("workers").until(() -> host.server().workers().isEmpty());
    }

    private void drop(String name) {
        host.drop(host.shipped("examples", name), name + ".jar");
        host.awaitFile(name + ".jar", "CURRENT");
    }

    /** In that database; the number of rows, or the one value of a SELECT. */
    private long sql(String database, String sql) {
        try (Backend backend = host.backends().open("itests")) {
            backend.interrupts().unblock();
            Transaction transaction = backend.connect(ConnectTo.database(database)).startTransaction();
            long value;
            try (Spi spi = transaction.connect()) {
                SpiResult result = spi.execute(sql, false, 0);
                value = result.code() == SpiResult.Code.OK_SELECT ? result.get(0, 1, Long.class) : result.processed();
            }
            transaction.commit();
            return value;
        }
    }

    /** Wakes the launcher, for its turn. */
    private void look() {
        host.workers().signal(host.awaitReady("purge launcher").pid(), Signal.USR1);
    }

    @Test
    @Proves({"R103", "R104", "P6", "P12"})
    public void workersFollowTheDatabases() {
        drop("purge");
        host.awaitReady("purge");
        host.sql("CREATE DATABASE shop");
        look();
        host.awaitReady("purge shop");
        sql("shop", "CREATE TABLE events (at TIMESTAMP WITH TIME ZONE)");
        sql("shop", "INSERT INTO events SELECT DATEADD('DAY', -\"X\", CURRENT_TIMESTAMP) FROM system_range(1, 20)");
        sql("shop", "INSERT INTO purge.rules (table_name, column_name) VALUES ('events', 'at')");

        sql("shop", "NOTIFY purge");
        patiently().until(() -> sql("shop", "SELECT COUNT(*) FROM events") == 6);

        host.sql("DROP DATABASE shop");
        look();
        host.awaitGone("purge shop");
        host.awaitReady("purge");
    }

    @Test
    @Proves("P6")
    public void withoutTheLibraryTheLauncherSaysSoAndGoesOn() {
        host.sql("CREATE DATABASE crm");
        look();
        host.awaitLog("crm: ");
        assertThat(host.worker("purge launcher").map(WorkerDetails::restarts)).contains(0L);

        drop("purge");

        host.awaitReady("purge crm");
        host.remove("purge.jar");
        patiently().until(() -> host.worker("purge crm").filter(each -> each.state() == State.RUNNING).isEmpty());
        assertThat(host.awaitReady("purge launcher").restarts()).isZero();
        host.sql("DROP DATABASE crm");
    }
}
