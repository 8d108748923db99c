package dev.bgworker.schedules;

import java.util.List;

/** What some threads do with something shared, played anew for each schedule. */
public interface Scenario {

    int threads();

    /** How many times a thread that could go on is made to wait; what blocks or ends costs nothing. */
    int preemptions();

    /** Which classes get points beside those that all scenarios see: beginnings of their names. */
    default List<String> sees() {
        return List.of();
    }

    /** A new play, on a thread that is none of them. */
    Play begin() throws Exception;

    /** One play. */
    interface Play {

        /** That thread makes ready, alone. */
        default void enter(int thread) throws Exception {}

        /** In turns with the others; what it throws fails the schedule. */
        void run(int thread) throws Exception;

        /** That thread is done, alone. */
        default void leave(int thread) throws Exception {}

        /** All are done; throws what does not hold. */
        default void check() throws Exception {}
    }
}
