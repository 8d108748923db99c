package dev.bgworker.spi.sql;

import dev.bgworker.spi.sql.SqlTokens.Token;
import dev.bgworker.spi.sql.SqlTokens.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code SET [SESSION | LOCAL] name { TO | = } { value | DEFAULT }}, {@code RESET name} or {@code SHOW name}. A value.
 *
 * @param name in lower case
 * @param value null for DEFAULT and RESET
 */
public record SettingCommand(Action action, boolean local, String name, String value) {

    /** What is to be done with it. */
    public enum Action {
        SET, RESET, SHOW
    }

    /** Null for what is not of that form. */
    public static SettingCommand parse(String sql) {
        List<Token> tokens = new ArrayList<>(SqlTokens.of(sql));
        String verb = word(tokens, 0);
        if ((verb.equals("SHOW") || verb.equals("RESET")) && tokens.size() == 2 && !word(tokens, 1).isEmpty()) {
            return new SettingCommand(Action.valueOf(verb), false, name(tokens, 1), null);
        } else if (!verb.equals("SET")) {
            return null;
        }
        boolean local = word(tokens, 1).equals("LOCAL");
        if (local || word(tokens, 1).equals("SESSION")) {
            tokens.remove(1);
        }
        if (tokens.size() < 4 || word(tokens, 1).isEmpty() || !oneValue(tokens)
                || !tokens.get(2).is("=") && !word(tokens, 2).equals("TO")) {
            return null;
        }
        return new SettingCommand(Action.SET, local, name(tokens, 1),
                word(tokens, 3).equals("DEFAULT")
                        ? null
                        : value(sql.substring(tokens.get(3).begin(), tokens.get(tokens.size() - 1).end())));
    }

    private static String name(List<Token> tokens, int i) { return word(tokens, i).toLowerCase(Locale.ROOT); }

    private static String word(List<Token> tokens, int i) {
        return i < tokens.size() && tokens.get(i).type() == Type.WORD ? tokens.get(i).text() : "";
    }

    /** A doubled quote reads as two literals side by side. */
    private static boolean oneValue(List<Token> tokens) {
        for (int i = 4; i < tokens.size(); i++) {
            if (tokens.get(i).type() != Type.OTHER || tokens.get(i).begin() != tokens.get(i - 1).end()) {
                return false;
            }
        }
        return true;
    }

    private static String value(String text) {
        return text.startsWith("'") && text.endsWith("'") && text.length() > 1
                ? text.substring(1, text.length() - 1).replace("''", "'")
                : text;
    }
}
