package dev.bgworker.supervisor.core.sim;

import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.PatchFailedException;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.supervisor.core.Supervision;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler.CompilationTask;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.slf4j.Logger;

/** The sources of core, and of whatever else a patch names, changed in memory, compiled, and run beside the simulator. */
final class PatchedSources {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final String OURS = "dev.bgworker.supervisor.";

    private final Map<Path, List<String>> files = new TreeMap<>();

    PatchedSources() throws IOException {
        try (Stream<Path> all = Files.list(SOURCES.resolve("dev/bgworker/supervisor/core"))) {
            for (Path each : all.filter(file -> file.toString().endsWith(".java")).toList()) {
                files.put(each, Files.readAllLines(each));
            }
        }
    }

    /** The patch may have been made against other line numbers, but must find its context exactly. */
    void apply(List<String> patch) throws IOException, PatchFailedException {
        Path file = Path.of(patch.stream().filter(line -> line.startsWith("--- a/")).findFirst().orElseThrow().substring(6));
        List<String> lines = files.containsKey(file) ? files.get(file) : Files.readAllLines(file);
        files.put(file, UnifiedDiffUtils.parseUnifiedDiff(patch).applyFuzzy(lines, 0));
    }

    /** The simulator, loaded anew over what these sources compile to. */
    LongFunction<?> campaign(Path folder) throws ReflectiveOperationException {
        compile(folder);
        ClassLoader loader = new ChildFirst(
                new URL[]{url(folder.toUri()), url(location(Campaign.class)), url(location(Supervision.class))});
        var constructor = loader.loadClass(Campaign.class.getName()).getDeclaredConstructor();
        constructor.setAccessible(true);
        return (LongFunction<?>) constructor.newInstance();
    }

    private void compile(Path folder) {
        List<JavaFileObject> units = new ArrayList<>();
        files.forEach((file, lines) -> units.add(new Source(file, String.join("\n", lines))));
        String classPath = Stream.of(Supervision.class, BackgroundWorker.class, Logger.class)
                .map(each -> Path.of(location(each)).toString()).collect(Collectors.joining(File.pathSeparator));
        StringWriter said = new StringWriter();
        CompilationTask task = ToolProvider.getSystemJavaCompiler().getTask(said, null, null,
                List.of("-d", folder.toString(), "-cp", classPath, "-proc:none", "-nowarn", "--release", "17"), null, units);
        if (!task.call()) {
            throw new IllegalStateException("does not compile: " + said);
        }
    }

    private static URI location(Class<?> type) {
        return URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString());
    }

    private static URL url(URI location) {
        try {
            return location.toURL();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

    /** The supervisor's classes from here, everything else from the test's own loader. */
    private static final class ChildFirst extends URLClassLoader {

        ChildFirst(URL[] urls) { super(urls, ChildFirst.class.getClassLoader()); }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                return name.startsWith(OURS) ? findClass(name) : super.loadClass(name, resolve);
            }
        }
    }
}
