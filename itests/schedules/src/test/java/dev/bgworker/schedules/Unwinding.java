package dev.bgworker.schedules;

/** The play is over, because it failed; every thread leaves it by this. */
final class Unwinding extends Error {

    private static final long serialVersionUID = 1L;

    Unwinding() { super("the play is over", null, false, false); }
}
