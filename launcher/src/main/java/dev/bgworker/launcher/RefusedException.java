package dev.bgworker.launcher;

import java.nio.file.InvalidPathException;

/** Something that the user can put right; its message is printed as it is, without a stack. */
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedException(String message) { super(message); }

    RefusedException(String message, Throwable cause) { super(message, cause); }

    /** The JVM takes the encoding of file names from the locale. */
    static RefusedException of(InvalidPathException e) {
        return new RefusedException("the path \"" + e.getInput() + "\" has characters that the locale's encoding ("
                + System.getProperty("sun.jnu.encoding") + ") lacks; set LC_ALL to a locale with UTF-8, such as C.UTF-8", e);
    }
}
