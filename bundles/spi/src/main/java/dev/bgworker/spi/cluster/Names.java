package dev.bgworker.spi.cluster;

import dev.bgworker.api.process.ErrorException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What names mean to a command, in PostgreSQL's words where they mean nothing. */
final class Names {

    private static final int NAMEDATALEN = 64;

    private Names() {}

    /** A new one; refused rather than cut. */
    static void check(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length >= NAMEDATALEN) {
            throw new ErrorException(errcode("42622", "identifier \"" + name + "\" is too long")
                    .errdetail("Identifiers have at most " + (NAMEDATALEN - 1) + " bytes."));
        } else if (name.chars().anyMatch(Character::isISOControl)) {
            throw new ErrorException(errcode("42602", "identifier has a control character"));
        }
    }

    static DatabaseRow database(Catalog catalog, String name) {
        return catalog.database(name).orElseThrow(() -> new ErrorException(Admission.noDatabase(name)));
    }

    static DatabaseRow alterable(Catalog catalog, String name) {
        DatabaseRow row = database(catalog, name);
        if (!row.valid()) {
            throw new ErrorException(errcode("55000", "cannot alter invalid database \"" + name + "\"")
                    .errhint(Admission.DROP_INVALID));
        }
        return row;
    }

    static RoleRow role(Catalog catalog, String name) {
        return catalog.role(name)
                .orElseThrow(() -> new ErrorException(errcode("42704", "role \"" + name + "\" does not exist")));
    }

    /** For a detail. */
    static String sessions(List<Presence.Session> others, String doing) {
        List<Long> pids = others.stream().map(each -> each.proc().proc().pid()).sorted().toList();
        return (pids.size() == 1 ? "There is 1 other session " : "There are " + pids.size() + " other sessions ") + doing
                + ": pid " + pids.toString().replaceAll("[\\[\\]]", "") + ".";
    }
}
