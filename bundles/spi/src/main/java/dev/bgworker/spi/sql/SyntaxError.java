package dev.bgworker.spi.sql;

import dev.bgworker.api.process.ErrorData;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What is told of a syntax error, in PostgreSQL's words, whoever has found it. */
public final class SyntaxError {

    private SyntaxError() {}

    /** @param index of the character where the text makes no sense any more; its length at the end */
    public static ErrorData at(String sql, int index) {
        return errcode("42601", "syntax error at " + place(sql, index)).internalerrposition(sql,
                sql.codePointCount(0, index) + 1);
    }

    private static String place(String sql, int index) {
        return SqlTokens.of(sql).stream().filter(token -> token.end() > index).findFirst()
                .map(token -> "or near \"" + sql.substring(token.begin(), token.end()) + "\"").orElse("end of input");
    }
}
