package dev.bgworker.toolkit;

/** What a {@link WorkerSet} has decided to do about one child. A value. */
sealed interface Deed<K> {

    Child<K> child();

    /** {@code RegisterDynamicBackgroundWorker}. */
    record Launch<K>(Child<K> child) implements Deed<K> {}

    /** {@code TerminateBackgroundWorker}; why goes to the log. */
    record Terminate<K>(Child<K> child, String why) implements Deed<K> {}

    /** One that died and came back by its own policy has done so in its turn. */
    record Settle<K>(Child<K> child) implements Deed<K> {}
}
