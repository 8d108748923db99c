package dev.bgworker.spi.jdbc;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.spi.engine.Inside;
import dev.bgworker.spi.sql.Command;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The session behind guarded objects: who may call and when, and what an exception becomes. Its own threading rule. */
public interface Guard {

    /** The engine's connection, for the calls below alone. */
    Connection raw();

    /** What concerns the object alone, as a setter or a getter; its errors leave the transaction as it is. */
    <T> T local(Inside.Call<T> call) throws SQLException;

    /** A step in a result: interrupts are looked at, and an aborted transaction gives nothing more. */
    <T> T fetch(Inside.Call<T> call) throws SQLException;

    /** Makes a statement; an error in its text aborts the transaction. */
    <T> T prepare(Inside.Call<T> call) throws SQLException;

    /** A look-up in the catalog, a statement of the engine's own. */
    <T> T lookUp(Inside.Call<T> call) throws SQLException;

    /**
     * Runs a statement under the rules of {@code SPI_execute}; the call is repeated after each slice of a lock wait.
     *
     * @param running what a cancel ends meanwhile
     */
    <T> T execute(Command command, Statement running, Inside.Call<T> call) throws SQLException;

    /** Does what the host does itself and the engine never sees, as SET; false when the engine is to do it. */
    boolean own(Command command) throws SQLException;

    /** Runs several statements as one unit where each would be its own otherwise. */
    <T> T together(Inside.Call<T> calls) throws SQLException;

    /** An ERROR in the transaction. */
    SQLException refuse(ErrorData error);

    /** Whether it takes no call any more, so that closing what belongs to it is done. */
    boolean over();
}
