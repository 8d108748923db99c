package dev.bgworker.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the rules and pain points of contract.adoc against the tests of all folders that name them. */
public class ContractTest {

    private static final Logger LOG = LoggerFactory.getLogger("contract");
    private static final Path PROJECT = Path.of(System.getProperty("project"));
    private static final Pattern AREA = Pattern.compile("^=== (\\d+\\.\\d+) .+");
    private static final Pattern RULE = Pattern.compile("^\\|([RP]\\d+[a-z]?) \\|(KEPT|ADAPT|BEYOND) \\|\\S.*");

    private record Rule(String area, String mark) {}

    /** In the order of the document. */
    private static Map<String, Rule> rules() throws IOException {
        Map<String, Rule> rules = new LinkedHashMap<>();
        String area = "";
        for (String line : Files.readAllLines(PROJECT.resolve("itests/contract.adoc"))) {
            Matcher heading = AREA.matcher(line);
            area = heading.matches() ? heading.group(1) : area;
            Matcher rule = RULE.matcher(line);
            if (rule.matches()) {
                assertThat(rules.put(rule.group(1), new Rule(area, rule.group(2)))).as(rule.group(1) + " stands twice")
                        .isNull();
            } else {
                assertThat(line).as("a rule reads |R1 |KEPT |words").doesNotStartWith("|R").doesNotStartWith("|P");
            }
        }
        return rules;
    }

    /** Rule to the files whose tests name it. */
    private static Map<String, Set<String>> named() throws IOException {
        Map<String, Set<String>> named = new TreeMap<>();
        for (Path each : tests()) {
            for (String rule : new TestSource(Files.readString(each)).rules()) {
                named.computeIfAbsent(rule, key -> new TreeSet<>()).add(PROJECT.relativize(each).toString());
            }
        }
        return named;
    }

    private static List<Path> tests() throws IOException {
        try (Stream<Path> files = Files.walk(PROJECT)) {
            return files.filter(each -> each.toString().contains("/src/test/") && each.toString().endsWith(".java"))
                    .toList();
        }
    }

    @Test
    public void everyRuleThatATestNamesStandsInTheContract() throws IOException {
        Map<String, Set<String>> named = named();
        named.keySet().removeAll(rules().keySet());

        assertThat(named).as("rules that tests name and contract.adoc does not have").isEmpty();
    }

    @Test
    public void eachRuleIsNamedByATestAndWhichIsWritten() throws IOException {
        Map<String, Rule> rules = rules();
        Map<String, Set<String>> named = named();
        Map<String, int[]> areas = new LinkedHashMap<>();
        List<String> byRule = new ArrayList<>(List.of("rule,area,mark,tests"));
        rules.forEach((number, rule) -> {
            Set<String> tests = named.getOrDefault(number, Set.of());
            int[] count = areas.computeIfAbsent(rule.area(), key -> new int[2]);
            count[0]++;
            count[1] += tests.isEmpty() ? 0 : 1;
            byRule.add(String.join(",", number, rule.area(), rule.mark(), String.join(" ", tests)));
        });
        List<String> byArea = new ArrayList<>(List.of("area,rules,proven"));
        areas.forEach((area, count) -> byArea.add(area + "," + count[0] + "," + count[1]));
        Path target = Files.createDirectories(PROJECT.resolve("itests/target"));
        Files.write(target.resolve("contract.csv"), byArea);
        Files.write(target.resolve("rules.csv"), byRule);
        long sum = areas.values().stream().mapToInt(count -> count[1]).sum();
        LOG.info("{} of {} rules are named by a test", sum, rules.size());

        assertThat(rules).hasSizeGreaterThan(80);
        assertThat(rules.keySet()).as("rules of contract.adoc that a test has to name").isSubsetOf(named.keySet());
    }
}
