package dev.bgworker.spi.notify;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import java.sql.SQLException;

/** The process whose transaction commits with messages. Called on its own thread. */
public interface Sender {

    /** Messages are delivered if and only if it returns. */
    void commitInEngine() throws SQLException;

    /** {@code CHECK_FOR_INTERRUPTS}; what it throws ends the commit. */
    void checkInterrupts();

    /** Aborts the transaction; to be thrown. */
    ErrorException raise(ErrorData error);
}
