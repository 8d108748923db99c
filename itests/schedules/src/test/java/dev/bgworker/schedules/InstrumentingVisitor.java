package dev.bgworker.schedules;

import static org.objectweb.asm.Opcodes.ACC_ABSTRACT;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ACC_SYNCHRONIZED;
import static org.objectweb.asm.Opcodes.ASM9;

import java.util.function.BiPredicate;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;

/** One class. One thread. */
final class InstrumentingVisitor extends ClassVisitor {

    private final BiPredicate<String, String> isVolatile;
    private String name;

    InstrumentingVisitor(ClassVisitor next, BiPredicate<String, String> isVolatile) {
        super(ASM9, next);
        this.isVolatile = isVolatile;
    }

    @Override
    public void visit(int version, int access, String thisName, String signature, String superName, String[] interfaces) {
        name = thisName;
        super.visit(version, access, thisName, signature, superName, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(int access, String method, String descriptor, String signature, String[] exceptions) {
        boolean monitor = (access & ACC_SYNCHRONIZED) != 0;
        MethodVisitor next = super.visitMethod(access & ~ACC_SYNCHRONIZED, method, descriptor, signature, exceptions);
        if ((access & ACC_ABSTRACT) != 0) {
            return next;
        }
        String place = name.substring(name.lastIndexOf('/') + 1) + "." + method;
        MethodVisitor points = new PointsVisitor(next, place, isVolatile);
        return monitor ? new MonitorVisitor(points, name, (access & ACC_STATIC) != 0) : points;
    }
}
