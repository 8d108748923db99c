package dev.bgworker.toolkit.sim;

import java.util.function.Supplier;

/** A rule did not hold; the message begins with its name and numbers. */
final class Broken extends AssertionError {

    private static final long serialVersionUID = 1;

    Broken(Rule rule, String what) { super(rule + ": " + what); }

    Broken(String what, Throwable cause) { super(what + ": " + cause, cause); }

    static void unless(boolean holds, Rule rule, Supplier<String> what) {
        if (!holds) {
            throw new Broken(rule, what.get());
        }
    }
}
