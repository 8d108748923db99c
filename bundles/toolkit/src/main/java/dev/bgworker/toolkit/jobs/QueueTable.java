package dev.bgworker.toolkit.jobs;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.toolkit.Transactions.Sql;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of a queue: its definition, and statements that say what to do when it is missing. A value. */
record QueueTable(QueueName name) {

    private static final int ATTEMPTS = 3;
    private static final Pattern PLACE = Pattern.compile("%[skqd]");

    // ANY, since H2 2.4 cannot check IN or = any more once the session that made the table has ended.
    private static final String CREATE = """
            CREATE TABLE IF NOT EXISTS %s (
                id BIGINT DEFAULT NEXT VALUE FOR %q PRIMARY KEY,
                payload VARCHAR NOT NULL,
                job_key VARCHAR(255),
                state VARCHAR(8) DEFAULT 'ready' NOT NULL CHECK (state = ANY(ARRAY['ready', 'running', 'dead'])),
                run_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
                attempts INTEGER DEFAULT 0 NOT NULL,
                max_attempts INTEGER DEFAULT 10 NOT NULL,
                alone BOOLEAN DEFAULT FALSE NOT NULL,
                pid BIGINT,
                backend_start TIMESTAMP WITH TIME ZONE,
                started_at TIMESTAMP WITH TIME ZONE,
                sqlstate VARCHAR(5),
                error VARCHAR)
            """;

    private static final String CREATE_SEQUENCE = "CREATE SEQUENCE IF NOT EXISTS %q";
    private static final String CREATE_KEYS = "CREATE TABLE IF NOT EXISTS %k (job_key VARCHAR(255) PRIMARY KEY,"
            + " id BIGINT NOT NULL)";

    // In the order in which jobs run, so that a claim reads and locks the first ones and no more. No unique one, which would
    // look twice for its like at each change of a row.
    private static final String CREATE_INDEX = "CREATE INDEX IF NOT EXISTS %d ON %s (state, run_at)";

    /** Nothing when it is there, so that it may come after writes, and from roles that may not do DDL. */
    boolean createIfMissing(Sql sql) {
        for (int attempt = 1; missing(sql); attempt++) {
            try {
                return sql.inSubTransaction(this::create);
            } catch (ErrorException e) {
                // IF NOT EXISTS is no lock: of two that create at once one may fail, and finds what the other has made.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
        return false;
    }

    private boolean missing(Sql sql) {
        // What is made last, so that one who finds it finds all.
        return sql.query("SELECT 1 FROM information_schema.indexes WHERE index_schema = ? AND index_name = ?", name.schema(),
                name.dueIndex()).numvals() == 0;
    }

    private boolean create(Sql sql) {
        sql.execute("CREATE SCHEMA IF NOT EXISTS " + name.quotedSchema());
        for (String ddl : List.of(CREATE_SEQUENCE, CREATE, CREATE_KEYS, CREATE_INDEX)) {
            sql.execute(text(ddl));
        }
        return true;
    }

    /** The text with this table in place of {@code %s}, %k that of its keys, %q its sequence of ids, %d its index. */
    String text(String sql) {
        return PLACE.matcher(sql).replaceAll(place -> Matcher.quoteReplacement(named(place.group().charAt(1))));
    }

    private String named(char place) {
        return switch (place) {
            case 's' -> name.quotedTable();
            case 'k' -> name.quotedKeys();
            case 'q' -> name.quotedIds();
            default -> name.quotedDueIndex();
        };
    }

    SpiResult query(Sql sql, String text, Object... args) {
        try {
            return sql.query(text, args);
        } catch (ErrorException e) {
            throw e.data().sqlState().equals("42P01") || e.data().sqlState().equals("3F000")
                    ? new ErrorException(e.data().errhint("Call create() of the JobQueue \"" + name + "\" first."), e)
                    : e;
        }
    }

    long execute(Sql sql, String text, Object... args) { return query(sql, text, args).processed(); }

    /** To those who wait for jobs, once this is committed. */
    void wake(Sql sql) {
        sql.transaction().asyncNotify(name.toString(), "");
    }
}
