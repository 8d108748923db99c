package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Test;

/** A project of one's own: generated, built with its test, and its jar dropped. */
public class ArchetypeIT {

    private static final Path FOLDER = Path.of(System.getProperty("homes")).resolveSibling("archetype");

    @Test
    public void aGeneratedProjectBuildsTestsAndDrops() throws Exception {
        Path projects = FOLDER.resolve("projects");
        Homes.delete(projects);
        Files.createDirectories(projects);
        NestedMaven maven = NestedMaven.in(FOLDER);

        maven.run(projects, "org.apache.maven.plugins:maven-archetype-plugin:" + System.getProperty("archetype.version")
                + ":generate", "-DarchetypeCatalog=local", "-DarchetypeGroupId=dev.bgworker",
                "-DarchetypeArtifactId=dev.bgworker.archetype",
                "-DarchetypeVersion=" + System.getProperty("project.version"),
                "-DgroupId=com.example", "-DartifactId=my-heartbeat", "-Dversion=1.0.0", "-Dpackage=com.example.heartbeat",
                "-DfunctionName=beat_main");
        Path project = projects.resolve("my-heartbeat");
        maven.run(project, "package");

        assertThat(project.resolve(".gitignore")).exists();
        assertThat(project.resolve("README.adoc")).content().contains("target/my-heartbeat-1.0.0.jar");
        assertThat(project.resolve("target/surefire-reports/TEST-com.example.heartbeat.HeartbeatTest.xml")).content()
                .contains("errors=\"0\" skipped=\"0\" failures=\"0\"");
        beats(project.resolve("target/my-heartbeat-1.0.0.jar"));
    }

    private static void beats(Path jar) throws Exception {
        try (Bgworkerd host = Bgworkerd.start(Homes.fresh("ArchetypeIT"))) {
            host.drop(jar, jar.getFileName().toString());
            Host.patiently().untilAsserted(() -> assertThat(host.ask("bgw:sql", "SELECT MIN(pid) > 0 FROM heartbeat").text())
                    .contains("t\n(1 row)"));
            assertThat(host.ask("bgw:show", "my-heartbeat").text()).contains("RUNNING").contains("beat_main");
            host.stop();
        }
    }
}
