package dev.bgworker.spi.sql;

import dev.bgworker.api.spi.SpiResult.Code;
import java.util.regex.Pattern;

/** How many rows a statement inserts, as far as its text tells. */
public enum Inserts {

    /** One at most, so that nothing was done when that one is refused. */
    ONE,
    /** Several, one after the other. */
    SEVERAL,
    /** Several, but for those whose key is taken. */
    NOT_ALL;

    private static final String TEXT = "[^()']|'[^']*+'";
    private static final Pattern ONE_ROW = Pattern.compile(
            "\\bVALUES\\s*+\\((?:" + TEXT + "|\\((?:" + TEXT + ")*+\\))*+\\)(?!\\s*+,)", Pattern.CASE_INSENSITIVE);
    // What may hide a second row: a query, a comment, and the word itself in a text.
    private static final Pattern DOUBT = Pattern.compile(
            "\\bUSING\\b|\\b(?:INSERT|MERGE)\\b.*\\bSELECT\\b|--|/\\*|\\bVALUES\\b.*\\bVALUES\\b",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern CONFLICT = Pattern.compile("\\bON\\s+CONFLICT\\b", Pattern.CASE_INSENSITIVE);

    /** In doubt several. */
    static Inserts of(Code code, String sql) {
        boolean inserts = switch (code) {
            case OK_INSERT, OK_INSERT_RETURNING, OK_MERGE, OK_MERGE_RETURNING -> true;
            default -> false;
        };
        if (!inserts || ONE_ROW.matcher(sql).find() && !DOUBT.matcher(sql).find()) {
            return ONE;
        }
        return CONFLICT.matcher(sql).find() ? NOT_ALL : SEVERAL;
    }
}
