package dev.bgworker.shell;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Leaves out terminal control sequences (ECMA-48), wherever a write may cut them. One thread at a time. */
final class PlainOutput extends FilterOutputStream {

    private static final int ESC = 0x1b;
    private static final int BEL = 0x07;

    private enum State { TEXT, ESCAPE, CONTROL_SEQUENCE, STRING, STRING_ESCAPE }

    /** Written by the writing thread. */
    private State state = State.TEXT;

    PlainOutput(OutputStream out) { super(out); }

    @Override
    public void write(int b) throws IOException {
        if (isText(b & 0xff)) {
            out.write(b);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        byte[] text = new byte[length];
        int kept = 0;
        for (int i = offset; i < offset + length; i++) {
            if (isText(bytes[i] & 0xff)) {
                text[kept++] = bytes[i];
            }
        }
        out.write(text, 0, kept);
    }

    private boolean isText(int b) {
        boolean text = state == State.TEXT && b != ESC;
        state = next(b);
        return text;
    }

    private State next(int b) {
        return switch (state) {
            case TEXT -> b == ESC ? State.ESCAPE : State.TEXT;
            case ESCAPE -> b == '['
                    ? State.CONTROL_SEQUENCE
                    : b == ']' || b == 'P' || b == 'X' || b == '^' || b == '_'
                            ? State.STRING
                            : b >= 0x20 && b <= 0x2f ? State.ESCAPE : State.TEXT;
            case CONTROL_SEQUENCE -> b >= 0x40 && b <= 0x7e ? State.TEXT : State.CONTROL_SEQUENCE;
            case STRING -> b == BEL ? State.TEXT : b == ESC ? State.STRING_ESCAPE : State.STRING;
            case STRING_ESCAPE -> b == '\\' ? State.TEXT : State.STRING;
        };
    }
}
