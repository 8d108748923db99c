package dev.bgworker.spi.functions;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What a role may do to whom and see of whom. Pure. */
record Privileges(String role, boolean superuser, FunctionHost host) {

    /** What is done to a process, in the words of PostgreSQL's messages. */
    enum Deed {
        CANCEL("cancel query", "cancel queries", "cancel this query"), TERMINATE("terminate process", "terminate processes",
                "terminate this process");

        private final String one;
        private final String many;
        private final String it;

        Deed(String one, String many, String it) {
            this.one = one;
            this.many = many;
            this.it = it;
        }
    }

    static Privileges of(FunctionCaller caller) { return new Privileges(caller.role(), caller.superuser(), caller.host()); }

    /** R102: what a process without advertised role does is a superuser's affair. */
    void checkMay(Deed deed, String of) {
        if (superuser || role.equals(of)) {
            return;
        }
        throw denied(deed.one, of == null || host.superusers().test(of)
                ? "Only roles with the SUPERUSER attribute may " + deed.many
                        + " of roles with the SUPERUSER attribute and of workers that named no role."
                : "Only roles with privileges of the role whose process it is may " + deed.it + ".");
    }

    void checkSuperuser(String what) {
        if (!superuser) {
            throw denied(what, "Only roles with the SUPERUSER attribute may do that.");
        }
    }

    /** R226. */
    boolean sees(String of) { return superuser || role.equals(of); }

    static ErrorException denied(String what, String detail) {
        ErrorData data = errcode("42501", "permission denied to " + what);
        return new ErrorException(data.errdetail(detail));
    }
}
