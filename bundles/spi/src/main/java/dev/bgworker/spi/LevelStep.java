package dev.bgworker.spi;

/**
 * What hangs on the levels of a transaction beside the engine, such as portals and pending notifies: a list of them is
 * given to the session, which calls each at its moment, in the order of the list. Owner thread only.
 */
interface LevelStep {

    /** Children have committed, callbacks of PRE_COMMIT were told; what it raises turns the commit into an abort. */
    default void preCommit(TransactionLevel level) {}

    /** The engine has committed; must not fail. */
    default void committed(TransactionLevel level) {}

    /** {@code AtAbort_Portals}, {@code AtAbort_Notify}: before the engine rolls back; what it raises does not stop that. */
    default void aborting(TransactionLevel level) {}

    /** Locks are released; what is left of the level goes. A NONATOMIC end of the transaction comes here too. */
    default void ended(TransactionLevel level, boolean commit) {}
}
