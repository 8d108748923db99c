package dev.bgworker.spi.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is known of the texts of one session, of which a loop has few; the least recently used one is forgotten. A text that
 * comes as the same object again costs one look at an array. Owner thread only.
 */
public final class RecentTexts<T> {

    public static final int SIZE = 64;
    private static final int SLOTS = 16;

    private final Map<String, T> all = new LinkedHashMap<>(SIZE, 0.75f, true);
    // In front of the map, at a slot of the text's hash; both arrays change together.
    private final String[] texts = new String[SLOTS];
    private final Object[] values = new Object[SLOTS];

    /** Null when it is not known. */
    public T get(String text) {
        int slot = slot(text);
        if (texts[slot] == text) {
            @SuppressWarnings("unchecked")
            T known = (T) values[slot];
            return known;
        }
        T known = all.get(text);
        if (known != null) {
            texts[slot] = text;
            values[slot] = known;
        }
        return known;
    }

    private static int slot(String text) {
        int hash = text.hashCode();
        return (hash ^ hash >>> 16) & SLOTS - 1;
    }

    /** Returns what is forgotten for it, null for nothing. */
    public T put(String text, T value) {
        all.put(text, value);
        if (all.size() <= SIZE) {
            return null;
        }
        clearFront();
        all.get(text);
        return all.remove(all.keySet().iterator().next());
    }

    /** Forgets those, and says whether there was one. */
    public boolean forget(Predicate<T> which) {
        clearFront();
        return all.values().removeIf(which);
    }

    /** What was found in front was used since the map saw it. */
    private void clearFront() {
        for (int i = 0; i < SLOTS; i++) {
            if (texts[i] != null) {
                all.get(texts[i]);
                texts[i] = null;
                values[i] = null;
            }
        }
    }
}
