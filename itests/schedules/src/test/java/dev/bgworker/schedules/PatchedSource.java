package dev.bgworker.schedules;

import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.PatchFailedException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaCompiler.CompilationTask;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Sources of the product with faults planted, compiled into a folder. */
final class PatchedSource {

    private static final Path ROOT = Path.of("../..");

    private PatchedSource() {}

    /** A patch may have been made against other line numbers, but must find its context exactly. */
    static void compile(List<Path> patches, Path folder) throws IOException, PatchFailedException {
        Map<Path, List<String>> sources = new TreeMap<>();
        for (Path patch : patches) {
            for (Map.Entry<Path, List<String>> each : byFile(patch).entrySet()) {
                List<String> lines = sources.containsKey(each.getKey())
                        ? sources.get(each.getKey())
                        : Files.readAllLines(each.getKey());
                sources.put(each.getKey(), UnifiedDiffUtils.parseUnifiedDiff(each.getValue()).applyFuzzy(lines, 0));
            }
        }
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((file, lines) -> units.add(new Source(file, String.join("\n", lines))));
        compileAll(units, folder);
    }

    private static Map<Path, List<String>> byFile(Path patch) throws IOException {
        Map<Path, List<String>> byFile = new LinkedHashMap<>();
        List<String> part = new ArrayList<>();
        for (String line : Files.readAllLines(patch)) {
            if (line.startsWith("--- a/")) {
                part = new ArrayList<>();
                byFile.put(ROOT.resolve(line.substring(6)), part);
            }
            part.add(line);
        }
        return byFile;
    }

    private static void compileAll(List<JavaFileObject> units, Path folder) {
        StringWriter said = new StringWriter();
        CompilationTask task = ToolProvider.getSystemJavaCompiler().getTask(said, null, null,
                List.of("-d", folder.toString(),
                        "-cp", System.getProperty("java.class.path"), "-proc:none", "-nowarn", "-g", "--release", "17"),
                null, units);
        if (!task.call()) {
            throw new IllegalStateException("does not compile: " + said);
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(Path file, String text) {
            super(file.toUri(), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) { return text; }
    }
}
