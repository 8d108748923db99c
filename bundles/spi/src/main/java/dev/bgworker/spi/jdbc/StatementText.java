package dev.bgworker.spi.jdbc;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.spi.sql.Command;
import dev.bgworker.spi.sql.Script;
import java.sql.SQLException;

import static dev.bgworker.api.process.ErrorData.errcode;

/** The text of a statement of JDBC, as the one command that it must be. */
final class StatementText {

    private static final ErrorData NUL = errcode("22021", "invalid byte sequence for encoding \"UTF8\": 0x00");

    private StatementText() {}

    static Command parse(Guard guard, String sql) throws SQLException {
        if (sql == null || sql.indexOf('\0') >= 0) {
            throw guard.refuse(sql == null ? errcode("22004", "the text of the statement is null") : NUL);
        }
        Script script = Script.parse(sql);
        if (script.error() != null) {
            throw guard.refuse(script.error());
        } else if (script.commands().size() != 1) {
            throw guard.refuse(script.commands().isEmpty()
                    ? errcode("42601", "syntax error at end of input")
                    : errcode("42601", "cannot insert multiple commands into a prepared statement")
                            .errdetail("The text has " + script.commands().size() + " statements.")
                            .errhint("Execute them one by one, or with Spi.execute."));
        }
        return script.commands().get(0);
    }
}
