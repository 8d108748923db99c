package dev.bgworker.schedules;

import static org.objectweb.asm.Opcodes.ASM9;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.MONITORENTER;
import static org.objectweb.asm.Opcodes.MONITOREXIT;

import java.util.Set;
import java.util.function.BiPredicate;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * One method: volatile fields, VarHandles, atomics and what is concurrent get a point before them; monitors, park and time are
 * those of the schedule. Plain fields get none, as those that are shared are written before something that has one. One thread.
 */
final class PointsVisitor extends MethodVisitor {

    private static final String POINTS = "dev/bgworker/schedules/Points";
    private static final String CONCURRENT = "java/util/concurrent/";
    private static final Set<String> BLOCKING = Set.of("await", "acquire", "take", "lock", "join", "lockInterruptibly");

    private final String method;
    private final BiPredicate<String, String> isVolatile;
    private int line;

    PointsVisitor(MethodVisitor next, String method, BiPredicate<String, String> isVolatile) {
        super(ASM9, next);
        this.method = method;
        this.isVolatile = isVolatile;
    }

    @Override
    public void visitLineNumber(int at, Label start) {
        line = at;
        super.visitLineNumber(at, start);
    }

    private void where(String what) { super.visitLdcInsn(method + ":" + line + " " + what); }

    private void call(String point, String descriptor) {
        super.visitMethodInsn(INVOKESTATIC, POINTS, point, descriptor, false);
    }

    private void before(String what) {
        where(what);
        call("before", "(Ljava/lang/String;)V");
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        if (isVolatile.test(owner, name)) {
            before((opcode % 2 == 0 ? "reads " : "writes ") + name);
        }
        super.visitFieldInsn(opcode, owner, name, descriptor);
    }

    @Override
    public void visitInsn(int opcode) {
        if (opcode == MONITORENTER) {
            where("monitor");
            call("enter", "(Ljava/lang/Object;Ljava/lang/String;)V");
        } else if (opcode == MONITOREXIT) {
            call("exit", "(Ljava/lang/Object;)V");
        } else {
            super.visitInsn(opcode);
        }
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean ofInterface) {
        if (owner.equals("java/util/concurrent/locks/LockSupport")) {
            where(name);
            call(name, descriptor.replace(")V", "Ljava/lang/String;)V"));
        } else if (owner.equals("java/lang/System") && name.equals("nanoTime")) {
            call(name, descriptor);
        } else if (owner.equals("java/lang/Thread") && name.equals("onSpinWait")) {
            where(name);
            call("spin", "(Ljava/lang/String;)V");
        } else if (name.startsWith("compute") && (owner.equals("java/util/Map") || owner.startsWith(CONCURRENT))) {
            before("Map." + name);
            call(name, "(Ljava/util/Map;" + descriptor.substring(1));
        } else {
            if (owner.startsWith(CONCURRENT) && BLOCKING.contains(name)) {
                where(name);
                call("refuse", "(Ljava/lang/String;)V");
            } else if (shared(owner, name)) {
                before(owner.substring(owner.lastIndexOf('/') + 1) + "." + name);
            }
            super.visitMethodInsn(opcode, owner, name, descriptor, ofInterface);
        }
    }

    private static boolean shared(String owner, String name) {
        return !name.equals("<init>") && (owner.startsWith(CONCURRENT) || owner.equals("java/lang/invoke/VarHandle")
                || owner.equals("java/nio/ByteBuffer") && (name.startsWith("put") || name.startsWith("get")));
    }
}
