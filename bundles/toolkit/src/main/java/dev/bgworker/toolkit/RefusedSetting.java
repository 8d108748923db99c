package dev.bgworker.toolkit;

/** Why the text of a setting is none of its values, in PostgreSQL's words, with the hint if there is one. */
final class RefusedSetting extends RuntimeException {

    private static final long serialVersionUID = 1;

    RefusedSetting(String message) { super(message, null, false, false); }

    static RefusedSetting invalid(String name, String text, String hint) {
        return new RefusedSetting("invalid value for parameter \"" + name + "\": \"" + text + "\"\nHINT: " + hint);
    }

    static RefusedSetting outside(String name, Object value, Object min, Object max) {
        return new RefusedSetting(
                value + " is outside the valid range for parameter \"" + name + "\" (" + min + " .. " + max + ")");
    }
}
