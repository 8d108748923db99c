package dev.bgworker.supervisor.library;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;

/** A library is found by name, never by a path made of the name. */
final class LibraryName {

    private LibraryName() {}

    static void check(String name) {
        boolean path = name.isEmpty() || name.contains("..") || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0;
        if (path || name.chars().anyMatch(Character::isISOControl)) {
            throw new ErrorException(errcode("58P01", "could not access library \"" + name.replaceAll("\\p{Cntrl}", "?")
                    + "\": it is no library name")
                    .errhint("A bgw_library_name is the symbolic name of a bundle, without a path."));
        }
    }
}
