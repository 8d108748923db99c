package dev.bgworker.shell;

import org.jline.reader.CompletingParsedLine;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/**
 * Gogo's parser, for a reader: gives a {@link CompletionLine} for completion, and Gogo's own line to execute, since Gogo
 * takes no other class. Called by the thread that reads.
 */
final class CompletionParser implements Parser {

    private final Parser gogo;

    CompletionParser(Parser gogo) { this.gogo = gogo; }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        ParsedLine parsed = gogo.parse(line, cursor, context);
        return context == ParseContext.COMPLETE && parsed instanceof CompletingParsedLine gogos
                ? new CompletionLine(gogos)
                : parsed;
    }

    @Override
    public boolean isEscapeChar(char one) { return gogo.isEscapeChar(one); }

    @Override
    public boolean validCommandName(String name) { return gogo.validCommandName(name); }

    @Override
    public boolean validVariableName(String name) { return gogo.validVariableName(name); }

    @Override
    public String getCommand(String line) { return gogo.getCommand(line); }

    @Override
    public String getVariable(String line) { return gogo.getVariable(line); }
}
