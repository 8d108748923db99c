package dev.bgworker.supervisor.process;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** {@code BasicOpenFile}, with {@code errcode_for_file_access}. */
final class OpenedFile {

    private OpenedFile() {}

    static FileChannel open(BgProc proc, Path path, OpenOption... options) {
        try {
            return FileChannel.open(path, options);
        } catch (IOException e) {
            throw proc.errfinish(new ErrorException(
                    errcode(sqlState(e), "could not open file \"" + path + "\": " + why(e)), e));
        }
    }

    private static String sqlState(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "58P01";
        } else if (e instanceof FileAlreadyExistsException) {
            return "58P02";
        }
        return e instanceof AccessDeniedException ? "42501" : "58030";
    }

    /** The JDK's message is the path alone where the class says the rest. */
    private static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        } else if (e instanceof FileAlreadyExistsException) {
            return "File exists";
        } else if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        return e instanceof FileSystemException of && of.getReason() != null ? of.getReason() : e.getMessage();
    }
}
