package dev.bgworker.spi;

import java.util.stream.Stream;

/** What the engine's manual has for administrators, on files in that directory. */
record Statements(String directory) {

    /** Expressions that read, write or end something. */
    private Stream<String> expressions() {
        return Stream.of("FILE_READ('@/secret.csv')", "FILE_READ('@/secret.csv', NULL)",
                "FILE_WRITE(X'00', '@/written.bin')", "CSVWRITE('@/written.csv', 'SELECT 1')",
                "CANCEL_SESSION(1)", "ABORT_SESSION(1)", "MEMORY_FREE()", "MEMORY_USED()", "\"file_read\"('@/secret.csv')",
                "LINK_SCHEMA('l', '', 'jdbc:h2:mem:', '', '', 'public')");
    }

    private Stream<String> tables() {
        return Stream.of("CSVREAD('@/secret.csv')", "LINK_SCHEMA('l', '', 'jdbc:h2:mem:', '', '', 'public')",
                "CSVREAD('@/secret.csv', NULL, 'charset=UTF-8')");
    }

    private Stream<String> commands() {
        return Stream.of("SHUTDOWN", "SHUTDOWN IMMEDIATELY", "SHUTDOWN COMPACT", "SHUTDOWN DEFRAG",
                "SHUTDOWN SCRIPT TO '@/s.sql'",
                "SCRIPT", "SCRIPT TO '@/s.sql'", "SCRIPT NODATA TO '@/s.sql'", "SCRIPT SIMPLE", "SCRIPT SCHEMA public",
                "RUNSCRIPT FROM '@/script.sql'", "RUNSCRIPT FROM 'classpath:/script.sql'", "BACKUP TO '@/b.zip'",
                "CHECKPOINT", "CHECKPOINT SYNC", "ANALYZE SAMPLE_SIZE 10",
                "CREATE ALIAS f FOR 'java.lang.System.getProperty'", "CREATE ALIAS f AS $$ int f() { return 1; } $$",
                "CREATE ALIAS f AS 'int f() { return 1; }'", "CREATE FORCE ALIAS f FOR 'java.lang.Math.abs'",
                "CREATE ALIAS IF NOT EXISTS public.f DETERMINISTIC FOR 'java.lang.Math.abs'",
                "CREATE AGGREGATE g FOR 'java.lang.String'", "CREATE FORCE AGGREGATE g FOR 'java.lang.String'",
                "CREATE TRIGGER t1 AFTER INSERT ON kept FOR EACH ROW CALL 'org.h2.test.T'",
                "CREATE FORCE TRIGGER t1 AFTER INSERT ON kept FOR EACH ROW CALL 'org.h2.test.T'",
                "CREATE TRIGGER t1 BEFORE SELECT ON kept CALL 'java.lang.String'",
                "CREATE TRIGGER t1 AFTER DELETE ON kept AS $$ org.h2.api.Trigger create() { return null; } $$",
                "CREATE TRIGGER t1 AFTER DELETE ON kept AS '//javascript\nnew Object()'",
                "CREATE LINKED TABLE l ('', 'jdbc:h2:mem:', '', '', 'x')",
                "CREATE LOCAL TEMPORARY LINKED TABLE l ('', 'jdbc:h2:mem:', '', '', 'x')",
                "CREATE FORCE LINKED TABLE l ('', 'jdbc:h2:@/x', 'sa', '', 'x') READONLY",
                "CREATE TABLE x (a INT) ENGINE 'org.h2.test.E'", "CREATE SCHEMA x WITH 'org.h2.test.E'",
                "CREATE TABLE x (a INT) ENGINE \"java.lang.String\"",
                "CREATE USER u PASSWORD 'x'", "CREATE USER u PASSWORD 'x' ADMIN", "CREATE USER u SALT X'00' HASH X'00'",
                "CREATE USER IF NOT EXISTS u PASSWORD 'x' ADMIN", "ALTER USER postgres ADMIN TRUE",
                "ALTER USER plain ADMIN TRUE", "ALTER USER admin SET PASSWORD 'x'", "ALTER USER postgres SET PASSWORD 'x'",
                "ALTER USER admin SET SALT X'00' HASH X'00'", "ALTER USER admin RENAME TO u", "DROP USER admin",
                "DROP ROLE admin", "GRANT ALTER ANY SCHEMA TO plain", "GRANT plain TO postgres", "GRANT public TO plain",
                "REVOKE ALTER ANY SCHEMA FROM postgres", "REVOKE public FROM admin",
                "ALTER SCHEMA information_schema RENAME TO x", "DROP SCHEMA information_schema",
                "DROP SCHEMA public CASCADE", "ALTER SCHEMA public RENAME TO x", "DROP SCHEMA pg_catalog",
                "DROP ALL OBJECTS", "DROP ALL OBJECTS DELETE FILES",
                "CREATE DOMAIN d AS INT DEFAULT FILE_WRITE(X'00', '@/d')"
                        + "; CREATE TABLE dt (a d); INSERT INTO dt DEFAULT VALUES",
                "EXECUTE IMMEDIATE 'SHUTDOWN'", "PREPARE p AS SELECT 1", "PREPARE COMMIT x", "COMMIT TRANSACTION x",
                "CREATE CONSTANT c VALUE FILE_READ('@/secret.csv')", "SET @x = FILE_READ('@/secret.csv')",
                "INSERT INTO kept DIRECT SELECT CAST(a AS INT) FROM CSVREAD('@/secret.csv')",
                "CREATE TABLE x AS SELECT * FROM CSVREAD('@/secret.csv')",
                "CREATE CACHED TABLE x (a INT DEFAULT LENGTH(FILE_READ('@/secret.csv'))); INSERT INTO x DEFAULT VALUES",
                "CREATE TABLE x1 (a INT, b VARBINARY AS FILE_READ('@/secret.csv')); INSERT INTO x1 (a) VALUES (1)",
                "CREATE TABLE x2 (a INT, CHECK (FILE_WRITE(X'00', '@/c') > 0)); INSERT INTO x2 VALUES (1)",
                "CREATE VIEW v1 AS SELECT FILE_READ('@/secret.csv') AS x; SELECT * FROM v1",
                "CREATE VIEW v2 AS SELECT * FROM CSVREAD('@/secret.csv'); SELECT * FROM v2",
                "CREATE TABLE x3 (a INT DEFAULT 1 ON UPDATE MEMORY_USED()); INSERT INTO x3 DEFAULT VALUES;"
                        + " UPDATE x3 SET a = DEFAULT",
                "CREATE INDEX i ON kept (a) ; CALL FILE_WRITE(X'00', '@/i')",
                "{call FILE_WRITE(X'00', '@/e')}", "{? = call MEMORY_USED()}", "SELECT {fn FILE_READ('@/secret.csv')}",
                "SELECT 1; SHUTDOWN", "SELECT ';'; SHUTDOWN", "SELECT $$;$$; SHUTDOWN", "SELECT 1 -- x\n; SHUTDOWN",
                "SELECT U&\"\\0066ile_read\"('@/secret.csv')", "TABLE CSVREAD('@/secret.csv')",
                "MERGE INTO kept USING CSVREAD('@/secret.csv') s ON FALSE WHEN NOT MATCHED THEN INSERT VALUES (1)",
                "SELECT * FROM information_schema.in_doubt, CSVREAD('@/secret.csv')",
                "COPY kept TO '@/copied'", "COPY kept FROM '@/secret.csv'", "LOAD '@/x'", "HELP; SHUTDOWN",
                "CREATE DATABASE x TEMPLATE '@/x'", "ALTER DATABASE postgres SET write_delay = '500'",
                "ALTER SYSTEM SET x = 1", "ALTER SESSION SET x = 1", "USE information_schema");
    }

    private Stream<String> settings() {
        return Stream.of("ALLOW_LITERALS NONE", "AUTOCOMMIT TRUE", "CACHE_SIZE 1", "CLUSTER ''",
                "BUILTIN_ALIAS_OVERRIDE TRUE",
                "CATALOG 'x'", "COLLATION OFF", "DATABASE_EVENT_LISTENER 'x'", "DB_CLOSE_DELAY 0",
                "DEFAULT_LOCK_TIMEOUT 1", "DEFAULT_NULL_ORDERING LOW", "DEFAULT_TABLE_TYPE 1", "EXCLUSIVE TRUE",
                "EXCLUSIVE 1", "EXCLUSIVE 2", "IGNORECASE TRUE", "JAVA_OBJECT_SERIALIZER 'x'", "IGNORE_CATALOGS TRUE",
                "LAZY_QUERY_EXECUTION 1", "LOCK_MODE 0", "LOCK_TIMEOUT 100000", "MAX_LENGTH_INPLACE_LOB 1", "MAX_LOG_SIZE 1",
                "MAX_MEMORY_ROWS 1", "MAX_MEMORY_UNDO 1", "MAX_OPERATION_MEMORY 1", "MODE Oracle", "NON_KEYWORDS A",
                "OPTIMIZE_REUSE_RESULTS 0", "PASSWORD 'x'", "QUERY_STATISTICS TRUE", "QUERY_STATISTICS_MAX_ENTRIES 1",
                "QUERY_TIMEOUT 1", "REFERENTIAL_INTEGRITY FALSE", "RETENTION_TIME 0", "SALT X'00' HASH X'00'",
                "SCHEMA information_schema", "SCHEMA_SEARCH_PATH x", "SESSION CHARACTERISTICS AS TRANSACTION"
                        + " ISOLATION LEVEL READ UNCOMMITTED",
                "THROTTLE 10", "TIME ZONE 'UTC'",
                "TRACE_LEVEL_FILE 3", "TRACE_LEVEL_SYSTEM_OUT 0", "TRACE_MAX_FILE_SIZE 1", "TRUNCATE_LARGE_LENGTH TRUE",
                "VARIABLE_BINARY TRUE", "WRITE_DELAY 500", "UNDO_LOG 0", "LOG 0", "COMPRESS_LOB NO", "MVSTORE FALSE",
                "CREATE_BUILD 1", "BINARY_COLLATION UNSIGNED", "UUID_COLLATION UNSIGNED", "TRANSACTION ISOLATION LEVEL"
                        + " SERIALIZABLE")
                .map("SET "::concat);
    }

    Stream<String> dangerous() {
        return Stream.of(commands(), settings(),
                expressions().flatMap(call -> Stream.of("CALL " + call, "SELECT " + call, "VALUES " + call,
                        "SELECT a FROM kept WHERE " + call + " IS NOT NULL",
                        "INSERT INTO kept VALUES (LENGTH(CAST(" + call + " AS VARCHAR)))",
                        "UPDATE kept SET a = LENGTH(CAST(" + call + " AS VARCHAR))",
                        "WITH cte AS (SELECT " + call + " AS y) SELECT * FROM cte",
                        "SELECT a FROM FINAL TABLE (UPDATE kept SET a = LENGTH(CAST(" + call + " AS VARCHAR)))",
                        "EXPLAIN ANALYZE SELECT " + call, "SET @x = " + call)),
                tables().flatMap(call -> Stream.of("SELECT * FROM " + call, "WITH x AS (SELECT * FROM " + call
                        + ") SELECT * FROM x", "EXPLAIN ANALYZE SELECT * FROM " + call,
                        "DELETE FROM kept WHERE EXISTS (SELECT 1 FROM " + call + ")")))
                .flatMap(each -> each).map(sql -> sql.replace("@", directory).replace("SET " + directory + "x", "SET @x"));
    }

    /** The same, written so that a careless reader does not see it. */
    static Stream<String> disguised(String sql) {
        return Stream.of(sql, "/* SELECT */ " + sql, "--\n" + sql.replaceFirst(" ", " /*;*/ "), "SELECT 1; " + sql,
                "SELECT '--'; " + sql, sql.toLowerCase(java.util.Locale.ROOT).replace(" system_range", " SYSTEM_RANGE"),
                "EXPLAIN ANALYZE " + sql);
    }
}
