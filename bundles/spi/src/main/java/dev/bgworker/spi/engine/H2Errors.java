package dev.bgworker.spi.engine;

import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.spi.engine.Engine.Failure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

import static java.util.Map.entry;

/** The error codes of H2 in PostgreSQL's terms. What is not in the table keeps a SQLSTATE of the standard, else XX000. */
public final class H2Errors {

    private static final Map<Integer, String> STATES = Map.ofEntries(
            // tables, columns and other objects
            entry(42101, "42P07"), entry(42102, "42P01"), entry(42103, "42P01"), entry(42104, "42P01"),
            entry(42111, "42P07"), entry(42112, "42704"), entry(42121, "42701"), entry(42122, "42703"),
            entry(42131, "42704"), entry(90022, "42883"), entry(90035, "42P07"), entry(90036, "42P01"),
            entry(90037, "42P01"), entry(90038, "42P07"), entry(90041, "42710"), entry(90042, "42704"),
            entry(90045, "42710"), entry(90057, "42704"), entry(90076, "42710"), entry(90077, "42704"),
            entry(90078, "42P06"), entry(90079, "3F000"), entry(90090, "2BP01"), entry(90107, "2BP01"),
            entry(90114, "42710"),
            entry(90032, "42704"), entry(90070, "42704"), entry(90071, "42704"), entry(90087, "42883"),
            entry(90115, "42704"), entry(90119, "42710"), entry(90120, "42704"),
            // text of the statement
            entry(42000, "42601"), entry(42001, "42601"), entry(21002, "42601"), entry(90016, "42803"),
            entry(90054, "42803"), entry(90059, "42702"), entry(90068, "42P10"), entry(90012, "07002"),
            entry(90083, "42P10"), entry(90123, "42601"), entry(50100, "0A000"),
            // values and constraints
            entry(90053, "21000"), entry(22018, "22P02"), entry(23503, "23503"), entry(23506, "23503"),
            entry(23507, "23502"), entry(23513, "23514"), entry(23514, "23514"), entry(90008, "22023"),
            entry(90006, "2200H"), entry(90005, "22023"), entry(90009, "22023"),
            // rights, locks, transactions
            entry(90040, "42501"), entry(90096, "42501"), entry(90097, "25006"),
            entry(50200, "55P03"), entry(40001, "40001"), entry(90131, "40001"), entry(90063, "3B001"),
            entry(57014, "57014"), entry(28000, "28000"),
            // the database as a whole
            entry(90013, "3D000"), entry(90146, "3D000"), entry(90149, "3D000"), entry(90020, "55006"),
            entry(90135, "55006"), entry(90098, "57P01"), entry(90121, "57P01"), entry(90067, "57P01"),
            entry(90007, "57P01"), entry(90108, "53200"), entry(90024, "58030"), entry(90028, "58030"),
            entry(90031, "58030"), entry(90030, "XX001"));

    private static final String TOO_DEEP = "stack depth limit exceeded";
    private static final String SIMPLER = "Write the statement simpler: nest less, bind many values as one array, or run it in"
            + " parts. The stack of the thread is the JVM's, -Xss.";

    private H2Errors() {}

    public static String sqlState(SQLException e) {
        String known = STATES.get(e.getErrorCode());
        if (known != null) {
            return known;
        } else if (tooManyTransactions(e)) {
            return "53300";
        } else if (tooDeep(e)) {
            return "54001";
        } else if (e.getErrorCode() == 50000 && causedBy(e, IOException.class)) {
            return "58030";
        }
        String own = e.getSQLState();
        return own != null && own.matches("(0A|0L|2[0-9A-Z]|4[04])[0-9A-Z]{3}") && !own.startsWith("42S") ? own : "XX000";
    }

    /** It has no code of its own: error 102 of the store, in the words of a general one. */
    private static boolean tooManyTransactions(SQLException e) {
        return e.getErrorCode() == 50000 && e.getMessage() != null && e.getMessage().contains(" open transactions [")
                && e.getMessage().contains("/102]");
    }

    /** Either as {@link Inside} says so, or as a general error of the engine, which caught it itself. */
    private static boolean tooDeep(SQLException e) {
        return (e.getErrorCode() == 0 || e.getErrorCode() == 50000) && causedBy(e, StackOverflowError.class);
    }

    public static Failure failure(SQLException e) {
        return switch (e.getErrorCode()) {
            case 50200 -> keyOfAnother(e) ? Failure.KEY_WAIT : Failure.LOCK_WAIT;
            case 57014 -> Failure.CANCELED;
            case 40001, 90131 -> Failure.TRANSACTION;
            case 90007, 90067, 90098, 90108, 90121 -> Failure.SESSION;
            default -> Failure.STATEMENT;
        };
    }

    /** A conflict that no exception of the store has caused: the engine found the key, and ran the statement again till now. */
    private static boolean keyOfAnother(SQLException e) {
        Throwable first = e;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return first instanceof SQLException conflict && conflict.getErrorCode() == 90131;
    }

    /** Out of memory, I/O, a damaged file, and general errors, among which are those of the store; and what comes after. */
    public static boolean fatal(SQLException e) {
        return switch (e.getErrorCode()) {
            case 90108, 90024, 90028, 90030, 90031 -> true;
            case 50000 -> !tooManyTransactions(e);
            default -> failure(e) == Failure.SESSION;
        };
    }

    /** Of a function; null for what is the engine's own. One function may execute a statement that calls another. */
    public static Ereport raised(SQLException e) {
        for (Throwable cause = e; cause instanceof SQLException; cause = cause.getCause()) {
            if (cause.getCause() instanceof Ereport raised) {
                return raised;
            }
        }
        return null;
    }

    /** All that is told of it. */
    static ErrorData error(SQLException e) {
        Optional<ErrorData> syntax = switch (e.getErrorCode()) {
            case 42000, 42001 -> H2SyntaxError.in(String.valueOf(e.getMessage()));
            default -> Optional.empty();
        };
        return syntax.orElseGet(() -> ErrorData.errcode(sqlState(e), message(e)).errdetail(detail(e)).errhint(hint(e)));
    }

    /** The engine's first line, without what it repeats of the statement and its own code. */
    public static String message(SQLException e) {
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return switch (e.getErrorCode()) {
            case 40001 -> "could not serialize access due to concurrent update, or deadlock detected";
            case 57014 -> "canceling statement due to user request";
            case 90020 -> "database is being used by another process";
            case 50000 -> tooManyTransactions(e)
                    ? "too many transactions are open in this database"
                    : tooDeep(e) ? TOO_DEEP : firstLine(text);
            default -> firstLine(text);
        };
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text).replaceFirst("; SQL statement:.*$", "")
                .replaceFirst(" \\[\\d+-\\d+]$", "");
    }

    public static String detail(SQLException e) {
        return switch (e.getErrorCode()) {
            case 90020 -> e.getMessage() == null ? "" : e.getMessage();
            case 40001 -> "The whole transaction was rolled back.";
            default -> "";
        };
    }

    public static String hint(SQLException e) {
        return switch (e.getErrorCode()) {
            case 40001, 90131 -> "Run the whole transaction again.";
            case 50000 -> tooManyTransactions(e)
                    ? "A pushed snapshot and a streaming cursor count as one each. Commit sooner, or connect fewer."
                    : tooDeep(e) ? SIMPLER : "";
            case 90020 -> "Stop the other process, or set bgw.data to another directory.";
            case 90096 -> "Have its owner or a superuser execute GRANT SELECT, INSERT, UPDATE or DELETE ON the table TO the"
                    + " role.";
            case 90087 -> "No function of that name takes so many arguments.";
            case 90040 -> "Workers may create and change schemas and what is in them; files, settings, users and code"
                    + " are left to the host.";
            default -> tooDeep(e) ? SIMPLER : "";
        };
    }

    private static boolean causedBy(Throwable e, Class<? extends Throwable> type) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
