package dev.bgworker.itests.differential;

import static org.junit.Assume.assumeTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** That what the scripts expect is what PostgreSQL itself does. */
@RunWith(Parameterized.class)
public class PostgresTest {

    private static EmbeddedPostgres postgres;
    private static Stage stage;

    private final Script script;

    public PostgresTest(Script script) { this.script = script; }

    @Parameters(name = "{0}")
    public static List<Script> scripts() throws IOException {
        List<Script> all = new ArrayList<>(Script.read("isolation.txt"));
        all.addAll(Script.read("errors.txt"));
        return all.stream().filter(each -> !each.oursAlone()).toList();
    }

    @BeforeClass
    public static void start() throws Exception {
        assumeTrue("its binaries are for Linux on x86-64", System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64"));
        postgres = EmbeddedPostgres.builder().start();
        stage = new Stage(() -> new PostgresPlayer(postgres.getPostgresDatabase()));
    }

    @AfterClass
    public static void stop() throws IOException {
        if (postgres != null) {
            stage.close();
            postgres.close();
        }
    }

    @Test
    public void doesWhatTheScriptExpects() { stage.play(script); }
}
