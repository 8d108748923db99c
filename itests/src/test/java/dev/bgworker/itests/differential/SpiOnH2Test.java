package dev.bgworker.itests.differential;

import dev.bgworker.api.control.Server.State;
import dev.bgworker.itests.Proves;
import dev.bgworker.itests.SpiHost;
import java.util.ArrayList;
import java.util.List;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** The scripts through SPI on H2, refusals included. */
@RunWith(Parameterized.class)
public class SpiOnH2Test {

    @ClassRule
    public static final TemporaryFolder DATA = new TemporaryFolder();

    private static SpiHost host;
    private static Stage stage;

    private final Script script;

    public SpiOnH2Test(Script script) { this.script = script; }

    @Parameters(name = "{0}")
    public static List<Script> scripts() throws Exception {
        List<Script> all = new ArrayList<>(Script.read("isolation.txt"));
        all.addAll(Script.read("errors.txt"));
        return all;
    }

    @BeforeClass
    public static void start() throws Exception {
        host = SpiHost.start(DATA.getRoot().toPath(), State.RECOVERY_FINISHED);
        stage = new Stage(() -> new SpiPlayer(host.supervisor().openBackend("player")));
    }

    @AfterClass
    public static void stop() throws Exception {
        stage.close();
        host.shutdown(State.FAST_SHUTDOWN);
    }

    @Test
    @Proves({"R183", "R184", "R196", "R197", "R202"})
    public void doesWhatTheScriptExpects() { stage.play(script); }
}
