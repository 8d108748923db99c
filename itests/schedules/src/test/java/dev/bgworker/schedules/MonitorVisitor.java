package dev.bgworker.schedules;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASM9;
import static org.objectweb.asm.Opcodes.ATHROW;
import static org.objectweb.asm.Opcodes.IRETURN;
import static org.objectweb.asm.Opcodes.MONITORENTER;
import static org.objectweb.asm.Opcodes.MONITOREXIT;
import static org.objectweb.asm.Opcodes.RETURN;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/** Makes a block of a synchronized method. One thread. */
final class MonitorVisitor extends MethodVisitor {

    private final Type type;
    private final boolean ofClass;
    private final Label from = new Label();
    private final Label to = new Label();

    MonitorVisitor(MethodVisitor next, String type, boolean ofClass) {
        super(ASM9, next);
        this.type = Type.getObjectType(type);
        this.ofClass = ofClass;
    }

    @Override
    public void visitCode() {
        super.visitCode();
        monitor();
        super.visitInsn(MONITORENTER);
        super.visitLabel(from);
    }

    private void monitor() {
        if (ofClass) {
            super.visitLdcInsn(type);
        } else {
            super.visitVarInsn(ALOAD, 0);
        }
    }

    @Override
    public void visitInsn(int opcode) {
        if (opcode >= IRETURN && opcode <= RETURN) {
            monitor();
            super.visitInsn(MONITOREXIT);
        }
        super.visitInsn(opcode);
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
        super.visitTryCatchBlock(from, to, to, null);
        super.visitLabel(to);
        monitor();
        super.visitInsn(MONITOREXIT);
        super.visitInsn(ATHROW);
        super.visitMaxs(maxStack, maxLocals);
    }
}
