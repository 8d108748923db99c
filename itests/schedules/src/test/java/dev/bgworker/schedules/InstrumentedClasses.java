package dev.bgworker.schedules;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Opcodes;

/** The classes of the product anew, with a call of {@link Points} before each operation on what is shared. Thread-safe. */
final class InstrumentedClasses extends ClassLoader {

    private static final String OURS = "dev.bgworker.";

    private final Path instead;
    private final Predicate<String> instrumented;
    private final Map<String, Boolean> volatiles = new HashMap<>();

    /**
     * @param instead where to look for a class first; null for nowhere
     * @param instrumented by name, with dots
     */
    InstrumentedClasses(Path instead, Predicate<String> instrumented) {
        super(InstrumentedClasses.class.getClassLoader());
        this.instead = instead;
        this.instrumented = instrumented;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            return ours(name) ? findClass(name) : super.loadClass(name, resolve);
        }
    }

    private static boolean ours(String name) {
        return name.startsWith(OURS) && !name.startsWith("dev.bgworker.api.")
                && (!name.startsWith("dev.bgworker.schedules.") || name.startsWith("dev.bgworker.schedules.scenario."));
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try {
            byte[] code = bytes(name);
            byte[] changed = instrumented.test(name) ? instrument(code) : code;
            return defineClass(name, changed, 0, changed.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private byte[] bytes(String name) throws IOException {
        String path = name.replace('.', '/') + ".class";
        if (instead != null && Files.exists(instead.resolve(path))) {
            return Files.readAllBytes(instead.resolve(path));
        }
        try (InputStream in = getParent().getResourceAsStream(path)) {
            if (in == null) {
                throw new IOException("no " + path);
            }
            return in.readAllBytes();
        }
    }

    private byte[] instrument(byte[] code) {
        ClassReader reader = new ClassReader(code);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected ClassLoader getClassLoader() { return InstrumentedClasses.class.getClassLoader(); }
        };
        reader.accept(new InstrumentingVisitor(writer, this::isVolatile), ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }

    private synchronized boolean isVolatile(String owner, String field) {
        if (!ours(owner.replace('/', '.'))) {
            return false;
        }
        if (!volatiles.containsKey(owner)) {
            volatiles.put(owner, true);
            readFields(owner);
        }
        return volatiles.getOrDefault(owner + "." + field, false);
    }

    private void readFields(String owner) {
        try {
            new ClassReader(bytes(owner.replace('/', '.'))).accept(new ClassVisitor(Opcodes.ASM9) {
                @Override
                public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
                    volatiles.put(owner + "." + name, (access & Opcodes.ACC_VOLATILE) != 0);
                    return null;
                }
            }, ClassReader.SKIP_CODE);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the fields of " + owner, e);
        }
    }
}
