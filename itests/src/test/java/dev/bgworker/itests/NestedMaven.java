package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The Maven that runs this build, with a local repository below target/ in which the modules of this build are as {@code mvn
 * install} would leave them. All else it takes from the build's own local repository, and what is not there from Central.
 */
final class NestedMaven {

    private static final String VERSION = System.getProperty("project.version");
    private static final Path PROJECT = Path.of(System.getProperty("project"));
    private static final List<String> MODULES = List.of("api", "supervisor", "ipc", "spi", "toolkit", "testing",
            "archetype");

    private final Path folder;

    private NestedMaven(Path folder) { this.folder = folder; }

    /** @param folder for all that it writes; what it downloaded there is kept from build to build */
    static NestedMaven in(Path folder) throws IOException {
        NestedMaven maven = new NestedMaven(folder);
        Homes.delete(maven.installed());
        maven.install(PROJECT, "bgworker");
        maven.install(PROJECT.resolve("bundles"), "bundles");
        for (String module : MODULES) {
            Path of = PROJECT.resolve("bundles").resolve(module);
            String artifact = "dev.bgworker." + module;
            maven.install(of, artifact);
            copy(of.resolve("target/" + artifact + "-" + VERSION + ".jar"), maven.file(artifact, ".jar"));
        }
        maven.write("repository/archetype-catalog.xml", """
                <archetype-catalog><archetypes><archetype>
                  <groupId>dev.bgworker</groupId><artifactId>dev.bgworker.archetype</artifactId><version>%s</version>
                </archetype></archetypes></archetype-catalog>
                """.formatted(VERSION));
        maven.write("settings.xml", settings(folder.resolve("repository")));
        return maven;
    }

    private static String settings(Path localRepository) {
        String cache = "<url>" + Path.of(System.getProperty("settings.localRepository")).toUri() + "</url>"
                + "<releases><checksumPolicy>ignore</checksumPolicy></releases><snapshots><enabled>false</enabled></snapshots>";
        return """
                <settings>
                  <localRepository>%s</localRepository>
                  <profiles><profile>
                    <id>cache</id>
                    <repositories><repository><id>cache</id>%s</repository></repositories>
                    <pluginRepositories><pluginRepository><id>cache</id>%s</pluginRepository></pluginRepositories>
                  </profile></profiles>
                  <activeProfiles><activeProfile>cache</activeProfile></activeProfiles>
                </settings>
                """.formatted(localRepository, cache, cache);
    }

    private Path installed() { return folder.resolve("repository/dev/bgworker"); }

    private Path file(String artifact, String extension) {
        return installed().resolve(artifact).resolve(VERSION).resolve(artifact + "-" + VERSION + extension);
    }

    private void install(Path module, String artifact) throws IOException {
        copy(module.resolve("pom.xml"), file(artifact, ".pom"));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    /** To its end, which is to be a good one. */
    void run(Path directory, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("maven.home"), "bin/mvn").toString(), "-B",
                "-s", folder.resolve("settings.xml").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().keySet().removeAll(List.of("MAVEN_OPTS", "MAVEN_ARGS", "MAVEN_PROJECTBASEDIR"));
        Process maven = builder.start();
        try {
            boolean ended = maven.waitFor(4, TimeUnit.MINUTES);
            assertThat(ended && maven.exitValue() == 0).as("mvn %s: %s", List.of(arguments), Files.readString(output))
                    .isTrue();
        } finally {
            maven.destroyForcibly();
        }
    }
}
