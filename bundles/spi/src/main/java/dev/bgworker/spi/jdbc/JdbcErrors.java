package dev.bgworker.spi.jdbc;

import dev.bgworker.api.process.ErrorData;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;

/** Errors as JDBC's classes of exception, by SQLSTATE. */
public final class JdbcErrors {

    private JdbcErrors() {}

    /** With what raised it as cause, or null. */
    public static SQLException of(ErrorData error, Throwable cause) {
        String text = inWords(error);
        String state = error.sqlState();
        if (state.equals("57014")) {
            return new SQLTimeoutException(text, state, cause);
        } else if (state.startsWith("57P") || state.equals("25P03") || state.equals("25P04")) {
            return new SQLNonTransientConnectionException(text, state, cause);
        }
        return switch (state.substring(0, 2)) {
            case "08" -> new SQLNonTransientConnectionException(text, state, cause);
            case "0A" -> new SQLFeatureNotSupportedException(text, state, cause);
            case "22" -> new SQLDataException(text, state, cause);
            case "23" -> new SQLIntegrityConstraintViolationException(text, state, cause);
            case "28" -> new SQLInvalidAuthorizationSpecException(text, state, cause);
            case "40" -> new SQLTransactionRollbackException(text, state, cause);
            case "42" -> new SQLSyntaxErrorException(text, state, cause);
            default -> new SQLException(text, state, cause);
        };
    }

    private static String inWords(ErrorData error) {
        return error.message() + (error.detail().isEmpty() ? "" : "\n  Detail: " + error.detail())
                + (error.hint().isEmpty() ? "" : "\n  Hint: " + error.hint())
                + (error.internalPosition() == 0 ? "" : "\n  Position: " + error.internalPosition());
    }
}
