package dev.bgworker.spi.sql;

import dev.bgworker.spi.sql.SqlTokens.Token;
import dev.bgworker.spi.sql.SqlTokens.Type;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Functions of the engine that leave the database. The engine refuses them to all but ADMIN when they run; here they are
 * refused wherever they are written, so that none lies in a default or a view that ADMIN evaluates some day.
 */
final class AdminFunctions {

    private static final Set<String> NAMES = Set.of("FILE_READ", "FILE_WRITE", "CSVREAD", "CSVWRITE", "LINK_SCHEMA",
            "ABORT_SESSION", "CANCEL_SESSION", "MEMORY_FREE", "MEMORY_USED");

    private AdminFunctions() {}

    /** The name of the first that is called, empty for none. */
    static String in(List<Token> tokens) {
        for (int i = 0; i < tokens.size() - 1; i++) {
            Token token = tokens.get(i);
            if (tokens.get(i + 1).is("(") && (token.type() == Type.WORD || token.quoted())
                    && (NAMES.contains(token.text()) || escaped(tokens, i))) {
                return token.text().toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    /** {@code U&"..."}, which can spell any of them. */
    private static boolean escaped(List<Token> tokens, int i) {
        return i >= 2 && tokens.get(i).quoted() && tokens.get(i - 1).is("&") && tokens.get(i - 2).is("U");
    }
}
