package dev.bgworker.testing;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;

/** An ERROR that a test has raised. */
final class InjectedError {

    private InjectedError() {}

    /** Leaves the open transaction as an ERROR of the host does: all but its abort is 25P02 from here on. */
    static void failTransaction(Session session) {
        session.transaction().ifPresent(open -> {
            try (Spi spi = open.connect()) {
                spi.execute("SELECT * FROM \"what the test made fail\"", false, 1);
            } catch (ErrorException expected) {
                // there is no such table; or the transaction had failed before
            }
        });
    }
}
