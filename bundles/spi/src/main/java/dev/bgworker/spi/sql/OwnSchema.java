package dev.bgworker.spi.sql;

import dev.bgworker.spi.sql.SqlTokens.Token;
import dev.bgworker.spi.sql.SqlTokens.Type;
import java.util.List;
import java.util.Set;

/**
 * Whether DDL would change schema {@code bgw} or what is in it, which rights cannot forbid those who may create schemas. It
 * looks at what a statement is about and not at what that is made of, so that views may be built on ours. Stateless.
 */
final class OwnSchema {

    private static final String NAME = "BGW";
    private static final Set<String> TO_WHOM = Set.of("TO", "FROM");
    private static final Set<String> ALTERATIONS = Set.of("ADD", "ALTER", "SET", "RENAME");

    private OwnSchema() {}

    /** @param tokens of a statement whose verb, the first of them, begins DDL */
    static boolean changedBy(List<Token> tokens) {
        boolean ofSchema = false;
        int depth = 0;
        for (int i = 1; i < tokens.size() && !subjectEnds(tokens, i, depth); i++) {
            depth += tokens.get(i).is("(") ? 1 : tokens.get(i).is(")") ? -1 : 0;
            ofSchema |= tokens.get(i).is("SCHEMA");
            if (depth == 0 && named(tokens, i) && (ofSchema || i + 1 < tokens.size() && tokens.get(i + 1).is("."))) {
                return true;
            }
        }
        return false;
    }

    private static boolean subjectEnds(List<Token> tokens, int i, int depth) {
        Token token = tokens.get(i);
        String verb = tokens.get(0).text();
        return depth == 0 && token.type() == Type.WORD && (token.text().equals("AS") && !verb.equals("COMMENT")
                || (verb.equals("GRANT") || verb.equals("REVOKE")) && TO_WHOM.contains(token.text())
                || verb.equals("ALTER") && i > 2 && ALTERATIONS.contains(token.text()));
    }

    /** In quotes of any case, too, and however a name with escapes is spelled. */
    private static boolean named(List<Token> tokens, int i) {
        Token token = tokens.get(i);
        return token.text().equals(NAME) && (token.type() == Type.WORD || token.quoted())
                || token.quoted() && i > 1 && tokens.get(i - 1).is("&") && tokens.get(i - 2).is("U");
    }
}
