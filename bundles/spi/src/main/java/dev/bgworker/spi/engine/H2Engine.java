package dev.bgworker.spi.engine;

import dev.bgworker.api.process.Ereport;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.spi.functions.BgwSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * H2. Names fold to lower case as in PostgreSQL (settings of the database, so in the opener alone). Sessions slice lock waits,
 * since a row-lock wait of H2 ends by its timeout only, whatever cancels it. LAZY_QUERY_EXECUTION is on
 * only while a cursor over a fixed view is opened: spi buffers other results itself, and a lazy statement that fails while it
 * is read is no longer undone as a whole.
 */
public final class H2Engine implements Engine {

    private static final int LOCK_SLICE_MILLIS = 100;
    // Connection.TRANSACTION_SNAPSHOT, H2's own constant.
    private static final int SNAPSHOT = 6;
    // A query that is run again may otherwise return what it returned to an earlier snapshot of its session.
    private static final String NO_REUSE = ";OPTIMIZE_REUSE_RESULTS=0";
    private static final String KEPT = ";DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE;QUERY_CACHE_SIZE=64";
    // H2's own; it must be said, since a database keeps what it was opened with before.
    private static final int DELAY_MILLIS = 500;
    private static final String POSTGRESQL = ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH";
    // Else it writes a file beside the data, with the text and the stack of each statement that waits or fails.
    private static final String NO_TRACE = ";TRACE_LEVEL_FILE=0";
    private static final String SESSION = ";NON_KEYWORDS=VALUE;LOCK_TIMEOUT=" + LOCK_SLICE_MILLIS
            + ";SCHEMA_SEARCH_PATH=public," + BgwSchema.NAME;

    // H2 takes these two together for a mistake, but looks at them when it opens a database only. Without them it would open
    // one that it has closed by itself for whoever connects, in another mode and without what the opener made.
    private static final String NEVER_OPEN = ";IFEXISTS=TRUE;DATABASE_TO_LOWER=TRUE;DATABASE_TO_UPPER=TRUE";

    private final Supplier<Durability> durability;

    public H2Engine() { this(() -> Durability.DEFAULT); }

    public H2Engine(Supplier<Durability> durability) { this.durability = durability; }

    @Override
    public String opener(String place, boolean create) {
        return "jdbc:h2:" + place + ";IFEXISTS=" + (create ? "FALSE" : "TRUE") + written() + KEPT + NO_TRACE + NO_REUSE
                + POSTGRESQL
                + SESSION;
    }

    private String written() {
        Durability now = durability();
        return ";WRITE_DELAY=" + (now.profile() == Durability.Profile.FAST ? DELAY_MILLIS : 0) + ";RETENTION_TIME="
                + Math.min(now.retention().toMillis(), Integer.MAX_VALUE);
    }

    @Override
    public Engine lasting() { return new H2Engine(() -> durability.get().lasting()); }

    @Override
    public Durability durability() { return durability.get(); }

    @Override
    public String sync() { return "CHECKPOINT SYNC"; }

    @Override
    public String dump(String file) { return "SCRIPT TO " + literal(file) + " CHARSET 'UTF-8'"; }

    @Override
    public String restore(String file) { return "RUNSCRIPT FROM " + literal(file) + " CHARSET 'UTF-8'"; }

    private static String literal(String text) { return "'" + text.replace("'", "''") + "'"; }

    @Override
    public boolean plainRead(Connection session, String sql) throws SQLException { return H2PlainRead.is(session, sql); }

    @Override
    public Inspection inspection() { return new H2Inspection(); }

    @Override
    public void dropLeftovers(Connection session) throws SQLException { H2Leftovers.drop(session); }

    @Override
    public String session(String place) { return "jdbc:h2:" + place + NEVER_OPEN + SESSION; }

    @Override
    public String admin() { return "ADMIN"; }

    @Override
    public List<String> user(String name, String password) {
        String secret = "'" + password.replace("'", "''") + "'";
        return List.of("CREATE USER IF NOT EXISTS " + quoted(name) + " PASSWORD " + secret,
                "ALTER USER " + quoted(name) + " SET PASSWORD " + secret);
    }

    @Override
    public String mayCreate(String user, boolean may) {
        return (may ? "GRANT ALTER ANY SCHEMA TO " : "REVOKE ALTER ANY SCHEMA FROM ") + quoted(user);
    }

    @Override
    public String mayReadPublic(String user) { return "GRANT SELECT ON SCHEMA public TO " + quoted(user); }

    @Override
    public String dropUser(String name) { return "DROP USER IF EXISTS " + quoted(name); }

    @Override
    public String users() {
        return "SELECT LOWER(user_name), EXISTS (SELECT 1 FROM information_schema.schemata"
                + " WHERE LOWER(schema_owner) = LOWER(user_name)) FROM information_schema.users WHERE NOT is_admin";
    }

    private static String quoted(String name) { return "\"" + name.replace("\"", "\"\"") + "\""; }

    @Override
    public void furnish(Connection admin) throws SQLException { BgwSchema.make(admin); }

    @Override
    public Aftermath aftermath(Connection session) { return H2Aftermath.of(session).orElse(Aftermath.NONE); }

    @Override
    public String shutdown(boolean checkpoint) { return checkpoint ? "SHUTDOWN" : "SHUTDOWN IMMEDIATELY"; }

    @Override
    public int snapshotIsolation() { return SNAPSHOT; }

    @Override
    public String pin() { return "SELECT 1"; }

    @Override
    public String sessionNumber() { return "SELECT SESSION_ID()"; }

    @Override
    public String blocker(long session) {
        return "SELECT BLOCKER_ID FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = " + session;
    }

    @Override
    public String writersBeside(long session) {
        return "SELECT SESSION_ID FROM INFORMATION_SCHEMA.SESSIONS WHERE CONTAINS_UNCOMMITTED AND SESSION_ID <> " + session;
    }

    @Override
    public String lockTimeout(int millis) { return "SET LOCK_TIMEOUT " + millis; }

    @Override
    public String lazy(boolean on) { return "SET LAZY_QUERY_EXECUTION " + (on ? 1 : 0); }

    @Override
    public String relation(Tuples.Column[] columns, Object[][] values, IntFunction<String> parameter) {
        return H2Relation.select(columns, values, parameter);
    }

    @Override
    public int lockSlice() { return LOCK_SLICE_MILLIS; }

    @Override
    public Failure failure(SQLException e) { return H2Errors.failure(e); }

    @Override
    public boolean fatal(SQLException e) { return H2Errors.fatal(e); }

    @Override
    public Ereport raised(SQLException e) { return H2Errors.raised(e); }

    @Override
    public ErrorData error(SQLException e) { return H2Errors.error(e); }

    @Override
    public String typeName(int jdbcType, String engineName) { return H2Types.postgres(jdbcType, engineName); }
}
