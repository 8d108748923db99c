package dev.bgworker.spi.sql;

import dev.bgworker.api.spi.SpiResult.Code;

/**
 * One statement of a text, and what spi has to know of it before the engine sees it. A value.
 *
 * @param sql its own text
 * @param tag PostgreSQL's command tag, shown in errors and to whoever waits for it to end
 * @param code what executing it successfully is called
 * @param parameters how many values it takes
 * @param numbered they are {@code $1}, {@code $2}, counted over the whole text
 * @param sequence advances one, which a read-only transaction must not
 * @param nowait says itself how long to wait for a row
 * @param inserts how many rows, as far as its text tells
 */
public record Command(String sql, String tag, Effect effect, Code code, int parameters,
        boolean numbered, boolean sequence, boolean nowait, Inserts inserts) {

    Command(String sql, String tag, Effect effect, Code code, int parameters, boolean numbered, boolean sequence,
            boolean nowait) {
        this(sql, tag, effect, code, parameters, numbered, sequence, nowait, Inserts.of(code, sql));
    }

    /** What it does, as far as spi treats it differently. */
    public enum Effect {
        /** Changes and locks nothing. */
        READ,
        /** Locks rows. */
        LOCK,
        /** LOCK TABLE in a mode that only keeps the relation. */
        LOCK_TABLE,
        /** LOCK TABLE in a mode that the engine has not. */
        EXCLUSIVE_LOCK_TABLE,
        /** Changes rows, or nobody knows. */
        WRITE,
        /** Ends the engine's transaction, so it runs alone. */
        DDL,
        /** A {@link ClusterCommand}: spi's own, on databases and roles. */
        CLUSTER,
        /** BEGIN, COMMIT, SAVEPOINT and the like. */
        TRANSACTION,
        /** COPY from or to the client. */
        COPY,
        /** Would change the session that is spi's. */
        SETTING,
        /** Would change schema {@code bgw}, which is the host's. */
        OWN_SCHEMA,
        /** Calls a function that only ADMIN may; the tag names it. */
        ADMIN,
        /** LISTEN. */
        LISTEN,
        /** NOTIFY and UNLISTEN, which the engine never sees. */
        NOTIFY,
        /** Hides another statement in a literal. */
        HIDDEN,
        /** Has an escape of JDBC, after which the engine sees other tokens. */
        ESCAPE;

        /** Whether the engine may look at it before it is executed. */
        public boolean prepared() {
            return this == READ || this == LOCK || this == LOCK_TABLE || this == WRITE;
        }
    }

    /** Whether it is not part of the transaction, which must not have begun to work then. */
    public boolean runsAlone() {
        return effect == Effect.DDL || effect == Effect.CLUSTER;
    }

    /** Whether read_only lets it pass: a plain query. */
    public boolean plainQuery() {
        return effect == Effect.READ && code == Code.OK_SELECT;
    }

    /** Whether a transaction that is READ ONLY by force refuses it. */
    public boolean refusedOnStandby() {
        return effect != Effect.READ && effect != Effect.LOCK_TABLE || sequence;
    }

    /** Whether a cursor can be opened over it. */
    public boolean returnsRows() {
        return switch (code) {
            case OK_SELECT, OK_INSERT_RETURNING, OK_UPDATE_RETURNING, OK_DELETE_RETURNING, OK_MERGE_RETURNING -> true;
            default -> tag.equals("SHOW") || tag.equals("EXPLAIN") || tag.equals("CALL");
        };
    }

    /** The same with another text and other parameters. */
    public Command rewritten(String text, int values) {
        return new Command(text, tag, effect, code, values, numbered, sequence, nowait);
    }

    /** Whether stopping after some rows leaves the rest of its work undone. */
    public boolean limitable() {
        return (effect == Effect.READ || effect == Effect.LOCK) && code == Code.OK_SELECT;
    }
}
