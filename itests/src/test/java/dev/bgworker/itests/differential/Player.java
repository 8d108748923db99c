package dev.bgworker.itests.differential;

/**
 * One session of a script, whatever is behind it. Outcomes are texts: rows as "1, a | 2, b", changed rows as "#3", an error
 * as "!SQLSTATE", success without either as "". The thread that made it alone.
 */
interface Player extends AutoCloseable {

    String begin(String... modes);

    String commit();

    String abort();

    /** Begins, commits, aborts the innermost subtransaction. */
    String sub();

    String release();

    String rollback();

    String take(String snapshot);

    /** Taken at this moment if there is none of that name. */
    String push(String snapshot);

    String pop();

    /** In the open transaction, or in one of its own. */
    String run(String sql, boolean readOnly);

    /** Whatever is open. */
    void end();

    @Override
    void close();
}
