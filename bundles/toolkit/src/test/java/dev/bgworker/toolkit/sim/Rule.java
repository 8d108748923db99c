package dev.bgworker.toolkit.sim;

import java.util.Locale;

/** What must hold of a set, by name. */
enum Rule {

    /** Never more children than the limit, in all or of one group. */
    LIMIT("R232"),
    /** Never two children of one key, of a dead owner's neither. */
    ONE_PER_KEY("R233 R235"),
    /** After a refusal no slot is asked for before the retry interval is over. */
    REFUSED("R233"),
    /** A child that ended is not launched again before the retry interval is over. */
    RETRY_INTERVAL("R237"),
    /** A key is launched only as it is defined, and only when it is wanted. */
    AS_WANTED("R233"),
    /** Nobody is terminated without a cause. */
    NO_NEEDLESS_END("R236"),
    /** In an order, a child is launched when those before it are up. */
    START_ORDER("OTP"),
    /** In an order, a child is stopped when those after it are gone. */
    STOP_ORDER("OTP"),
    /** Who shares a death is started again. */
    SHARED_DEATH("OTP"),
    /** The owner gives up at exactly one death too many. */
    INTENSITY("OTP"),
    /** What happened to a child is told once and in order. */
    TOLD("P6 P22"),
    /** After an exit of the owner nobody is left. */
    NOBODY_LEFT("R235 R236"),
    /** The wanted set is reached again, within the bound. */
    CONVERGES("P6 P17 R234");

    private final String rules;

    Rule(String rules) { this.rules = rules; }

    @Override
    public String toString() { return name().toLowerCase(Locale.ROOT).replace('_', ' ') + " (" + rules + ")"; }
}
