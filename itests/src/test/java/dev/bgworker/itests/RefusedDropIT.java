package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.Server.LibraryRow;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.itests.workers.Idle;
import dev.bgworker.itests.workers.NeedsService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
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
import org.osgi.framework.ServiceRegistration;

/** What does not work in deploy/ gives one line with file and cause, and disturbs nobody. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class RefusedDropIT {

    @Inject
    private BundleContext context;
    private Host host;
    private long undisturbed;

    @Configuration
    public static Option[] host() {
        return new Option[]{Provisioned.host(RefusedDropIT.class, "max_worker_processes = 32", "library_grace = 1s")};
    }

    @Before
    public void dropOneThatRuns() {
        host = new Host(context);
        if (host.worker("undisturbed").isEmpty()) {
            host.drop(idle("undisturbed", "1.0.0"), "undisturbed.jar");
        }
        undisturbed = host.awaitReady("undisturbed").pid();
    }

    @After
    public void nobodyWasDisturbed() { assertThat(host.awaitReady("undisturbed").pid()).isEqualTo(undisturbed); }

    private static TestBundle idle(String name, String version) {
        return TestBundle.of(name, version).annotated("main", Idle.class, Map.of("name", name));
    }

    /** One row and one line, both with that cause. */
    private LibraryRow assertRefused(String file, String... cause) {
        LibraryRow row = host.awaitFile(file, "REFUSED");
        assertThat(row.file()).isEqualTo(file);
        assertThat(row.reason()).contains(cause);
        assertThat(host.server().libraries()).filteredOn(each -> each.file().equals(file)).hasSize(1);
        assertThat(host.awaitLog(file + " is refused")).singleElement().satisfies(line -> assertThat(line).contains(cause));
        return row;
    }

    private void assertForgotten(String file) {
        host.remove(file);
        patiently().alias(file).until(() -> host.file(file).isEmpty());
    }

    @Test
    public void whatIsNoZipIsRefusedUntilItIsRemoved() throws IOException {
        Files.writeString(host.folder("deploy/notes.txt"), "buy milk");
        assertRefused("notes.txt", "no zip");
        Files.writeString(host.folder("deploy/text.jar"), "buy milk");
        assertRefused("text.jar", "no zip");

        assertForgotten("notes.txt");
        assertForgotten("text.jar");
    }

    @Test
    public void whatIsNoBundleIsRefused() throws IOException {
        Path file = host.folder("deploy/plain.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            jar.putNextEntry(new ZipEntry("readme"));
            jar.write(1);
        }
        assertRefused("plain.jar", "no bundle", "Bundle-SymbolicName");
        assertForgotten("plain.jar");
    }

    @Test
    public void symbolicLinkIsRefused() throws IOException {
        Path target = idle("linked", "1.0.0").write(host.scratch("linked.jar"));
        Files.createSymbolicLink(host.folder("deploy/link.jar"), target);

        assertRefused("link.jar", "symbolic link");
        assertThat(host.worker("linked")).isEmpty();
        assertForgotten("link.jar");
    }

    @Test
    public void halfCopiedFileIsRefusedAndRunsWhenItIsComplete() throws IOException {
        byte[] bytes = Files.readAllBytes(idle("half", "1.0.0").write(host.scratch("half.jar")));
        Path file = host.folder("deploy/half.jar");
        int half = bytes.length / 2;

        Files.write(file, Arrays.copyOf(bytes, half));
        assertRefused("half.jar", "not copied to the end");
        Files.write(file, Arrays.copyOfRange(bytes, half, bytes.length), StandardOpenOption.APPEND);
        host.awaitReady("half");
        assertThat(host.server().libraries()).filteredOn(each -> each.file().endsWith("half.jar")).singleElement()
                .satisfies(row -> assertThat(row.state()).isEqualTo("CURRENT"));
    }

    @Test
    public void whatDoesNotResolveIsRefusedWithThePackageThatIsMissing() {
        host.drop(idle("unresolved", "1.0.0").importing("com.example.missing"), "unresolved.jar");

        LibraryRow row = assertRefused("unresolved.jar", "com.example.missing");
        assertThat(row.name()).isEqualTo("unresolved");
        assertThat(host.bundle("unresolved", "1.0.0")).isEmpty();
        assertForgotten("unresolved.jar");
    }

    @Test
    public void whatRunsRunsOnWhenItsReplacementDoesNotResolve() {
        host.drop(idle("sound", "1.0.0"), "sound.jar");
        WorkerDetails before = host.awaitReady("sound");

        host.drop(idle("sound", "2.0.0").importing("com.example.missing"), "sound.jar");
        assertRefusedBeside("sound.jar", "com.example.missing");
        assertThat(host.awaitReady("sound").pid()).isEqualTo(before.pid());

        host.drop(idle("sound", "3.0.0"), "sound.jar");
        host.awaitReadyAfter("sound", before.pid());
        host.awaitFileNot("sound.jar", "REFUSED");
    }

    /** The file has two rows: what runs, and what was refused. */
    private void assertRefusedBeside(String file, String cause) {
        patiently().untilAsserted(() -> assertThat(host.server().libraries())
                .filteredOn(each -> each.file().endsWith(file) && each.state().equals("REFUSED")).singleElement()
                .satisfies(row -> assertThat(row.reason()).contains(cause)));
        assertThat(host.awaitLog(file + " is refused")).hasSize(1);
    }

    @Test
    @Proves("R28")
    public void componentThatIsNeverSatisfiedIsShownAndRunsWhenItIs() {
        host.drop(TestBundle.of("needs", "1.0.0").annotated("main", NeedsService.class, Map.of("name", "needs"),
                Runnable.class), "needs.jar");

        WorkerDetails waits = host.await("needs", State.WAITING);
        assertThat(waits.reason()).contains("java.lang.Runnable");
        assertThat(waits.slot()).isNotNegative();
        assertThat(host.awaitFile("needs.jar", "WAITING").reason()).contains("java.lang.Runnable");
        assertThat(host.awaitLog("library \"needs\"").stream().filter(line -> line.contains("Runnable"))).hasSize(1);

        ServiceRegistration<Runnable> task = context.registerService(Runnable.class, () -> {}, null);
        assertThat(host.awaitReady("needs").slot()).isEqualTo(waits.slot());
        host.awaitFile("needs.jar", "CURRENT");

        task.unregister();
        assertThat(host.await("needs", State.WAITING).slot()).isEqualTo(waits.slot());
        host.remove("needs.jar");
        host.awaitGone("needs");
    }

    @Test
    public void sameNameAndVersionInAnotherFileIsRefusedAndTakenWhenTheFirstIsRemoved() {
        host.drop(idle("twice", "1.0.0"), "twice-a.jar");
        long first = host.awaitReady("twice").pid();
        host.drop(idle("twice", "1.0.0"), "twice-b.jar");
        assertRefused("twice-b.jar", "repeats", "twice-a.jar");
        assertThat(host.awaitReady("twice").pid()).isEqualTo(first);

        host.remove("twice-a.jar");
        host.awaitReadyAfter("twice", first);
        host.awaitFile("twice-b.jar", "CURRENT");
        assertThat(host.file("twice-a.jar")).isEmpty();
    }
}
