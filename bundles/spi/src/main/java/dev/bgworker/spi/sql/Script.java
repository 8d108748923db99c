package dev.bgworker.spi.sql;

import dev.bgworker.spi.sql.SqlTokens.Token;
import dev.bgworker.spi.sql.SqlTokens.Type;
import java.util.ArrayList;
import java.util.List;

/** The statements of one text, in order. A value; parsed once per text and session. */
public record Script(List<Command> commands, int parameters) {

    public static Script parse(String sql) {
        List<Command> commands = new ArrayList<>();
        List<Token> tokens = SqlTokens.of(sql);
        int begin = 0;
        int parameters = 0;
        for (int i = 0; i <= tokens.size(); i++) {
            if (i == tokens.size() || tokens.get(i).is(";")) {
                if (i > begin) {
                    Command command = command(sql, tokens.subList(begin, i));
                    parameters += command.parameters();
                    commands.add(command);
                }
                begin = i + 1;
            }
        }
        return new Script(List.copyOf(commands), parameters);
    }

    private static Command command(String sql, List<Token> tokens) {
        String text = sql.substring(tokens.get(0).begin(), tokens.get(tokens.size() - 1).end());
        return new Classifier(tokens).command(text, parameters(tokens));
    }

    private static int parameters(List<Token> tokens) {
        int plain = 0;
        int highest = 0;
        for (Token token : tokens) {
            if (token.type() == Type.PARAMETER && token.text().isEmpty()) {
                plain++;
            } else if (token.type() == Type.PARAMETER && token.text().length() < 6) {
                highest = Math.max(highest, Integer.parseInt(token.text()));
            }
        }
        return Math.max(plain, highest);
    }
}
