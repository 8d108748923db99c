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
import javax.tools.JavaCompiler.CompilationTask;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Sources of the product with a fault planted: one patch, which may be of several files, compiled into a folder. */
final class PatchedSource {

    private static final Path ROOT = Path.of("../..");

    private PatchedSource() {}

    /** The patch may have been made against other line numbers, but must find its context exactly. */
    static void compile(Path patch, Path folder) throws IOException, PatchFailedException {
        Map<Path, List<String>> byFile = new LinkedHashMap<>();
        List<String> part = List.of();
        for (String line : Files.readAllLines(patch)) {
            if (line.startsWith("--- a/")) {
                part = new ArrayList<>();
                byFile.put(ROOT.resolve(line.substring(6)), part);
            }
            if (!part.isEmpty() || line.startsWith("--- a/")) {
                part.add(line);
            }
        }
        List<JavaFileObject> units = new ArrayList<>();
        for (Map.Entry<Path, List<String>> each : byFile.entrySet()) {
            units.add(new Source(each.getKey(), String.join("\n", UnifiedDiffUtils.parseUnifiedDiff(each.getValue())
                    .applyFuzzy(Files.readAllLines(each.getKey()), 0))));
        }
        compile(units, folder);
    }

    private static void compile(List<JavaFileObject> units, Path folder) {
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
