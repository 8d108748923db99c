package dev.bgworker.launcher;

/** Something that the user can put right; its message is printed as it is, without a stack. */
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedException(String message) { super(message); }

    RefusedException(String message, Throwable cause) { super(message, cause); }
}
