package dev.bgworker.spi;

/**
 * {@code SPI_commit} and {@code SPI_rollback}, with and without chain: the transaction ends and the next one begins at once
 * under the same object; levels of SPI stay connected. What the end raised is raised after the next has begun, unless it
 * ends the process. Owner thread only.
 */
final class NextTransaction {

    private final SpiSession session;

    NextTransaction(SpiSession session) { this.session = session; }

    void commit(SpiLevel from, boolean chain) { run(from, chain, true); }

    void rollback(SpiLevel from, boolean chain) { run(from, chain, false); }

    private void run(SpiLevel from, boolean chain, boolean commit) {
        TopTransaction top = session.top();
        Modes modes = chain ? top.modes() : Modes.DEFAULT;
        AbortSteps steps = new AbortSteps();
        session.stack().goesOn(from);
        try {
            steps.run(commit ? top::commit : top::abort);
        } finally {
            session.stack().goesOn(null);
        }
        if (!steps.fatal()) {
            session.startNext(top, modes);
        }
        steps.rethrow();
    }
}
