package dev.bgworker.toolkit.sim;

import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.PatchFailedException;
import dev.bgworker.toolkit.WorkerSet;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import javax.tools.JavaCompiler.CompilationTask;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** One source of the toolkit, changed in memory, compiled, and run beside the simulator and all other classes as they are. */
final class PatchedSources {

    private static final String OURS = "dev.bgworker.toolkit.";

    private PatchedSources() {}

    /**
     * The simulator, loaded anew over what the patch makes of its source. It may have been made against other line numbers, but
     * must find its context exactly.
     */
    static LongFunction<?> campaign(Path folder, List<String> patch)
            throws IOException, PatchFailedException, ReflectiveOperationException {
        Path file = Path.of(patch.stream().filter(line -> line.startsWith("--- a/")).findFirst().orElseThrow().substring(6));
        compile(folder, file, UnifiedDiffUtils.parseUnifiedDiff(patch).applyFuzzy(Files.readAllLines(file), 0));
        ClassLoader loader = new ChildFirst(
                new URL[]{url(folder.toUri()), url(location(Campaign.class)),
                        url(location(WorkerSet.class))});
        var constructor = loader.loadClass(Campaign.class.getName()).getDeclaredConstructor();
        constructor.setAccessible(true);
        return (LongFunction<?>) constructor.newInstance();
    }

    private static void compile(Path folder, Path file, List<String> lines) {
        JavaFileObject unit = new SimpleJavaFileObject(file.toUri(), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) { return String.join("\n", lines); }
        };
        List<String> options = new ArrayList<>(List.of("-d", folder.toString(), "-proc:none", "-nowarn", "-cp",
                String.join(File.pathSeparator, System.getProperty("java.class.path"))));
        StringWriter said = new StringWriter();
        CompilationTask task = ToolProvider.getSystemJavaCompiler().getTask(said, null, null, options, null, List.of(unit));
        if (!task.call()) {
            throw new IllegalStateException("does not compile: " + said);
        }
    }

    private static URI location(Class<?> type) {
        return URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString());
    }

    private static URL url(URI location) throws MalformedURLException { return location.toURL(); }

    /** The toolkit's classes from here, everything else from the test's own loader. */
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
