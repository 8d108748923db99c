package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.RegisterBackgroundWorker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.annotation.Repeatable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/** The built bundles keep to the picture of the layers, and the README to the code. */
public class LayeringIT {

    private static final Path PROJECT = Path.of(System.getProperty("project"));
    private static final Path DISTRIBUTION = Path.of(System.getProperty("distribution"));
    private static final Pattern CLAUSE = Pattern.compile("([^,;\"]+)((?:;[^,\"]*(?:\"[^\"]*\")?)*)(?:,|$)");
    private static final String API = "dev.bgworker.api";
    private static final String HOST = "dev.bgworker.api.host";
    private static final String TESTING = "dev.bgworker.testing";
    private static final String TOOLKIT = "dev.bgworker.toolkit";
    private static final Set<String> EXPORTERS = Set.of(API, TOOLKIT);
    private static final Set<String> PROVIDERS = Set.of("dev.bgworker.supervisor", "dev.bgworker.ipc", "dev.bgworker.spi");

    private record Ours(String name, Set<String> imports, Set<String> exports) {}

    private static List<Ours> bundles() throws IOException {
        List<Ours> found = new ArrayList<>();
        for (String folder : List.of("system/dev/bgworker", "demo", "examples")) {
            try (Stream<Path> files = Files.walk(DISTRIBUTION.resolve(folder))) {
                for (Path jar : files.filter(each -> each.toString().endsWith(".jar")).toList()) {
                    found.add(read(jar));
                }
            }
        }
        return found;
    }

    private static Ours read(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            Attributes headers = jar.getManifest().getMainAttributes();
            return new Ours(headers.getValue("Bundle-SymbolicName"), packages(headers.getValue("Import-Package")),
                    packages(headers.getValue("Export-Package")));
        }
    }

    private static Set<String> packages(String header) {
        Set<String> names = new TreeSet<>();
        for (Matcher each = CLAUSE.matcher(header == null ? "" : header); each.find();) {
            names.add(each.group(1).trim());
        }
        return names;
    }

    private static boolean isOurs(String aPackage) { return aPackage.startsWith("dev.bgworker."); }

    @Test
    public void bundlesOfTheDistributionAreThere() throws IOException {
        assertThat(bundles()).extracting(Ours::name).contains(API, "dev.bgworker.supervisor", "dev.bgworker.ipc",
                "dev.bgworker.spi", TOOLKIT, "dev.bgworker.shell", "worker_spi", "worker_spi_loop", "worker_spi_demo",
                "test_shm_mq", "purge", "purge_launcher");
    }

    @Test
    public void apiNeedsNothingButJava() throws IOException {
        assertThat(bundles()).filteredOn(each -> each.name().equals(API)).singleElement().satisfies(
                api -> assertThat(api.imports()).allMatch(each -> each.startsWith("java.") || api.exports().contains(each)));
    }

    @Test
    public void onlyApiAndToolkitExport() throws IOException {
        assertThat(bundles()).filteredOn(each -> !each.exports().isEmpty()).extracting(Ours::name)
                .containsExactlyInAnyOrderElementsOf(EXPORTERS);
    }

    @Test
    public void nobodyImportsTheDatabase() throws IOException {
        assertThat(bundles()).allSatisfy(each -> assertThat(each.imports()).noneMatch(name -> name.startsWith("org.h2")));
    }

    @Test
    public void providersSeeTheApiAlone() throws IOException {
        assertThat(bundles()).filteredOn(each -> PROVIDERS.contains(each.name())).hasSize(3)
                .allSatisfy(each -> assertThat(each.imports()).filteredOn(LayeringIT::isOurs)
                        .allMatch(name -> name.equals(API) || name.startsWith(API + ".")));
    }

    @Test
    public void usersOfTheContractDoNotSeeTheSeamOfTheProviders() throws IOException {
        assertThat(bundles()).filteredOn(each -> !PROVIDERS.contains(each.name()) && !each.name().equals(API))
                .allSatisfy(each -> assertThat(each.imports()).filteredOn(LayeringIT::isOurs).doesNotContain(HOST)
                        .allMatch(name -> name.startsWith(API) || !each.name().equals(TOOLKIT) && name.equals(TOOLKIT)));
    }

    /** It may assemble the providers, and tests of the toolkit and of the examples use it; so it can need neither. */
    @Test
    public void kitForTestsIsInNoHostAndNeedsNoUserOfTheContract() throws IOException {
        assertThat(bundles()).extracting(Ours::name).doesNotContain(TESTING);
        for (Path each : sources()) {
            Set<String> imports = Pattern.compile("(?m)^import (?:static )?([\\w.]+);").matcher(Files.readString(each))
                    .results()
                    .map(found -> found.group(1)).collect(Collectors.toSet());
            boolean ofTheKit = each.startsWith(PROJECT.resolve("bundles/testing"));
            assertThat(imports).as(each.toString()).noneMatch(name -> ofTheKit
                    ? name.startsWith(TOOLKIT + ".") || name.startsWith("org.h2.")
                    : name.startsWith(TESTING + "."));
        }
    }

    /** And Gogo's annotations and its terminal, for Ctrl-C, if they have commands. */
    @Test
    public void examplesNeedApiToolkitAndTheLogOnly() throws IOException {
        assertThat(bundles()).filteredOn(each -> !each.name().startsWith("dev.bgworker.")).hasSize(6)
                .allSatisfy(each -> assertThat(each.imports()).allMatch(name -> name.startsWith("java.")
                        || name.startsWith("org.osgi.") || name.equals("org.slf4j") || isOurs(name)
                        || name.equals("org.apache.felix.service.command") || name.equals("org.jline.terminal")));
    }

    @Test
    public void packagesOfTheApiHaveNoCycles() throws IOException {
        Map<String, Set<String>> uses = jdeps();
        assertThat(uses).containsKeys(API, HOST);
        for (String each : uses.keySet()) {
            Set<String> reached = new HashSet<>();
            reach(uses, each, reached);
            assertThat(reached).as("what " + each + " needs").doesNotContain(each);
        }
    }

    private static void reach(Map<String, Set<String>> uses, String from, Set<String> reached) {
        for (String next : uses.getOrDefault(from, Set.of())) {
            if (reached.add(next)) {
                reach(uses, next, reached);
            }
        }
    }

    private static Map<String, Set<String>> jdeps() throws IOException {
        Path jar;
        try (Stream<Path> files = Files.walk(DISTRIBUTION.resolve("system/dev/bgworker/" + API))) {
            jar = files.filter(each -> each.toString().endsWith(".jar")).findFirst().orElseThrow();
        }
        StringWriter out = new StringWriter();
        int status = ToolProvider.findFirst("jdeps").orElseThrow().run(new PrintWriter(out, true),
                new PrintWriter(out, true),
                "--ignore-missing-deps", "-verbose:package", "--multi-release", "base", jar.toString());
        assertThat(status).as(out.toString()).isZero();
        Map<String, Set<String>> uses = new TreeMap<>();
        String from = "";
        for (String line : out.toString().lines().toList()) {
            String[] words = line.trim().split("\\s+");
            if (line.startsWith("   ") && words[0].equals("->") && words[1].startsWith(API)) {
                uses.computeIfAbsent(from, key -> new TreeSet<>()).add(words[1]);
            } else if (line.startsWith("   ") && words[0].startsWith(API)) {
                from = words[0];
                uses.computeIfAbsent(from, key -> new TreeSet<>());
                if (words.length > 2 && words[1].equals("->") && words[2].startsWith(API)) {
                    uses.get(from).add(words[2]);
                }
            }
        }
        uses.forEach((name, used) -> used.remove(name));
        return uses;
    }

    /** bnd drops two annotations of one kind without a word; what is not repeatable the compiler refuses twice. */
    @Test
    public void annotationOfAStaticWorkerStandsOnceOnAClass() throws IOException {
        assertThat(RegisterBackgroundWorker.class).isAnnotation();
        assertThat(RegisterBackgroundWorker.class.isAnnotationPresent(Repeatable.class)).isFalse();
        for (Path each : sources()) {
            String code = Files.readString(each);
            long annotations = Pattern.compile("(?m)^\\s*@RegisterBackgroundWorker\\b").matcher(code).results().count();
            long components = Pattern.compile("(?m)^\\s*@Component\\b").matcher(code).results().count();
            assertThat(annotations).as(each.toString()).isLessThanOrEqualTo(components);
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(PROJECT.resolve("bundles"))) {
            return files.filter(each -> each.toString().endsWith(".java") && each.toString().contains("/src/main/java/"))
                    .toList();
        }
    }

    @Test
    public void codeOfTheReadmesIsTheCodeThatTheyName() throws IOException {
        for (String readme : List.of("README.adoc", "bundles/ipc/README.adoc", "bundles/testing/README.adoc")) {
            Matcher blocks = Pattern.compile("(?s)\\n----\\n// from (bundles/\\S+)\\n(.*?)\\n----\\n")
                    .matcher(Files.readString(PROJECT.resolve(readme)));
            int quoted = 0;
            for (; blocks.find(); quoted++) {
                assertThat(code(Files.readString(PROJECT.resolve(blocks.group(1))))).as(readme + " from " + blocks.group(1))
                        .contains(code(blocks.group(2)));
            }
            assertThat(quoted).as("code quoted in " + readme).isPositive();
        }
    }

    /** A README may leave out package and imports, and begins its lines where it likes. */
    private static String code(String text) {
        return text.lines().filter(line -> !line.startsWith("import ") && !line.startsWith("package ")).map(String::strip)
                .collect(Collectors.joining("\n")).strip();
    }
}
