package dev.bgworker.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code launcher/bgworkerd} in a copy of the source tree's shape, with a Maven that only leaves a distribution. */
class BuildScriptTest {

    private static final Instant BUILT = Instant.parse("2026-01-01T12:00:00Z");
    private static final String MAVEN = """
            #!/bin/sh
            mkdir -p "$TREE/launcher/target/bgworkerd-1/bin" && touch "$TREE/launcher/target/bgworkerd-1.tar.gz"
            printf '#!/bin/sh\\necho "ran $*"\\n' > "$TREE/launcher/target/bgworkerd-1/bin/bgworkerd"
            chmod +x "$TREE/launcher/target/bgworkerd-1/bin/bgworkerd"
            printf '\\033[0m' && echo "mvn $*" >&2
            exit ${MAVEN_STATUS:-0}
            """;

    @TempDir
    private Path tree;
    private Path archive;

    @BeforeEach
    void tree() throws IOException {
        for (String file : List.of("pom.xml", "bundles/api/Api.java", "features/feature.xml", "itests/Test.java",
                "bundles/api/target/classes/Api.class")) {
            Files.createDirectories(tree.resolve(file).getParent());
            Files.createFile(tree.resolve(file));
        }
        Files.createDirectories(tree.resolve("launcher/target"));
        Files.copy(Path.of("bgworkerd"), tree.resolve("launcher/bgworkerd"));
        Files.createDirectory(tree.resolve("path"));
        Files.writeString(tree.resolve("path/mvn"), MAVEN);
        assertThat(tree.resolve("path/mvn").toFile().setExecutable(true)).isTrue();
        archive = tree.resolve("launcher/target/bgworkerd-1.tar.gz");
    }

    @Test
    void missingDistributionIsBuiltAndRun() throws Exception {
        assertThat(run("demo", "--for", "2s")).startsWith("Building bgworkerd").contains("-Dextra=1", "-pl launcher")
                .doesNotContain("\033")
                .endsWith("ran demo --for 2s\n");
    }

    @Test
    void distributionNewerThanItsSourcesIsOnlyRun() throws Exception {
        built();

        assertThat(run("start")).isEqualTo("ran start\n");
    }

    @Test
    void distributionOlderThanASourceIsBuiltAgain() throws Exception {
        built();
        touch(tree.resolve("bundles/api/Api.java"), BUILT.plusSeconds(1));

        assertThat(run("start")).startsWith("Building bgworkerd").endsWith("ran start\n");
    }

    @Test
    void newerTestsAndBuildOutputDoNotCount() throws Exception {
        built();
        touch(tree.resolve("itests/Test.java"), BUILT.plusSeconds(1));
        touch(tree.resolve("bundles/api/target/classes/Api.class"), BUILT.plusSeconds(1));

        assertThat(run("start")).isEqualTo("ran start\n");
    }

    @Test
    void folderOfAModuleThatWasBuiltDoesNotCountAndASourceThatWentDoes() throws Exception {
        built();
        touch(tree.resolve("bundles/api"), BUILT.plusSeconds(1));
        assertThat(run("start")).isEqualTo("ran start\n");

        Path sources = Files.createDirectories(tree.resolve("bundles/api/src/main"));
        touch(sources.getParent(), BUILT.minusSeconds(1));
        touch(sources, BUILT.plusSeconds(1));
        assertThat(run("start")).startsWith("Building bgworkerd");
    }

    /** Leaves a distribution that is newer than every source. */
    private void built() throws Exception {
        run("archive");
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.toList()) {
                touch(path, BUILT.minusSeconds(1));
            }
        }
        touch(archive, BUILT);
    }

    @Test
    void treeIsFoundThroughALinkToTheScript() throws Exception {
        built();
        Files.createSymbolicLink(tree.resolve("path/link"), Path.of("../launcher/bgworkerd"));

        assertThat(call(tree.resolve("path/link"), Map.of(), "start").text()).isEqualTo("ran start\n");
    }

    @Test
    void buildThatFailsIsTheEnd() throws Exception {
        Output output = call(tree.resolve("launcher/bgworkerd"), Map.of("MAVEN_STATUS", "1"), "start");

        assertThat(output.status()).isEqualTo(1);
        assertThat(output.text()).doesNotContain("ran start");
    }

    private static void touch(Path path, Instant time) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(time));
    }

    private record Output(int status, String text) {}

    private String run(String... words) throws Exception {
        Output output = call(tree.resolve("launcher/bgworkerd"), Map.of(), words);
        assertThat(output.status()).as(output.text()).isZero();
        return output.text();
    }

    private Output call(Path file, Map<String, String> environment, String... words) throws Exception {
        ProcessBuilder script = new ProcessBuilder("/bin/sh", file.toString());
        script.command().addAll(List.of(words));
        script.environment().put("TREE", tree.toString());
        script.environment().put("PATH", tree.resolve("path") + ":" + System.getenv("PATH"));
        script.environment().put("JAVA_HOME", System.getProperty("java.home"));
        script.environment().put("BGW_MAVEN_ARGS", "-Dextra=1");
        script.environment().putAll(environment);
        Process process = script.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        return new Output(process.waitFor(), output);
    }
}
