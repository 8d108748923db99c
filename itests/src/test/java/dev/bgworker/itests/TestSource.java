package dev.bgworker.itests;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The source of a test class, read for the rules and pain points that its tests name. A value. */
record TestSource(String text) {

    private static final String STRING = "\"(?:\\\\.|[^\"\\\\\\n])*+\"";
    private static final Pattern SKIPPED = Pattern.compile(
            "(?s)\"\"\".*?\"\"\"|//[^\\n]*+|/\\*.*?\\*/|(" + STRING + "|'(?:\\\\.|[^'\\\\])++')");
    /** All annotations of one class, method or field. */
    private static final Pattern ANNOTATIONS = Pattern.compile("(?:@[\\w.]+(?:\\((?:" + STRING + "|[^\")])*+\\))?+\\s*+)++"
            + "((?:(?:public|final|abstract|static)\\s++)*+class\\b)?+");
    private static final Pattern OFF = Pattern.compile("@(?:Ignore|Disabled)\\b");
    private static final Pattern NAMED = Pattern.compile("@(?:Tag|Proves)\\((\\{[^}]*}|\"[^\"]*\")\\)");
    private static final Pattern NUMBER = Pattern.compile("\"([RP]\\d+[a-z]?)\"");

    /** Named by a test that is run: not in a comment, nor where the test or its class is turned off. */
    Set<String> rules() {
        Set<String> rules = new TreeSet<>();
        String code = SKIPPED.matcher(text).replaceAll(each -> each.group(1) == null
                ? " "
                : Matcher.quoteReplacement(each.group(1)));
        for (Matcher annotated = ANNOTATIONS.matcher(code); annotated.find();) {
            boolean off = OFF.matcher(annotated.group()).find();
            if (off && annotated.group(1) != null) {
                return Set.of();
            }
            for (Matcher tag = NAMED.matcher(off ? "" : annotated.group()); tag.find();) {
                NUMBER.matcher(tag.group(1)).results().forEach(number -> rules.add(number.group(1)));
            }
        }
        return rules;
    }
}
