package dev.bgworker.api.control;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which word was meant by one that there is none of, as PostgreSQL's {@code ClosestMatchState} finds it. */
final class ClosestMatch {

    /** More changes than these make another word. */
    private static final int AT_MOST = 3;

    private ClosestMatch() {}

    static Optional<String> of(String given, List<String> words) {
        return words.stream().filter(word -> distance(given, word) <= AT_MOST)
                .min(Comparator.comparingInt(word -> distance(given, word)));
    }

    /** Levenshtein's: characters to insert, delete or replace. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(diagonal, row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
