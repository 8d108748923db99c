package dev.bgworker.spi;

import dev.bgworker.api.process.FatalError;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.ConnectTo.Bypass;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.SpiResult.Code;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Where a process may connect and as whom, through the whole of spi. */
class ConnectTest {

    private static final ConnectTo POSTGRES = ConnectTo.database("postgres");

    private final TestHost host = TestHost.inMemory();
    private final Session superuser = host.connect();

    @AfterEach
    void stop() { host.close(); }

    private Session connect(ConnectTo how) { return host.process().connect(how); }

    private void assertRefused(String sqlState, ConnectTo how) {
        assertThatThrownBy(() -> connect(how)).isInstanceOfSatisfying(FatalError.class,
                e -> assertThat(e.data().sqlState()).as(e.data().inWords()).isEqualTo(sqlState));
    }

    private long oid(String sql) { return Sql.single(connect(ConnectTo.sharedCatalogs()), Long.class, sql); }

    @Test
    @Tag("R93")
    void databaseAndRoleAreFoundByNameAndByOid() {
        Sql.ddl(superuser, "CREATE DATABASE \"D\"");
        Sql.ddl(superuser, "CREATE USER u");
        long database = oid("SELECT oid FROM pg_database WHERE datname = 'D'");
        long role = oid("SELECT oid FROM pg_roles WHERE rolname = 'u'");
        assertThat(database).isGreaterThanOrEqualTo(16384);
        assertThat(connect(ConnectTo.databaseOid(database).asOid(role)).database()).isEqualTo("D");
        assertThat(Sql.single(connect(ConnectTo.database("D").as("u")), String.class, "SELECT current_user")).isEqualTo("u");
        assertThat(connect(ConnectTo.databaseOid(5).asOid(10)).database()).isEqualTo("postgres");
        assertRefused("3D000", ConnectTo.database("d"));
        assertRefused("28000", ConnectTo.databaseOid(database).asOid(database));
    }

    @Test
    @Tag("R94")
    void withoutADatabaseTheSharedCatalogsCanBeReadAndNothingElse() {
        Session shared = connect(ConnectTo.sharedCatalogs());
        assertThat(shared.database()).isEmpty();
        assertThat(Sql.single(shared, String.class, "SELECT rolname FROM pg_roles WHERE rolsuper")).isEqualTo("postgres");
        Sql.assertFails(shared, "42501", "SELECT * FROM shared.pg_authid");
        Sql.assertFails(shared, "42501", "UPDATE pg_roles SET rolsuper = FALSE");
        Sql.assertFails(shared, "42501", "INSERT INTO shared.pg_database_acl VALUES (1, 1, 'CONNECT')");
        Sql.assertFails(shared, "42501", "CREATE TABLE t (a INT)");
        Sql.assertFails(shared, "42501", "CREATE SCHEMA s");
        Sql.assertFails(shared, "42501", "DROP VIEW pg_roles");
        Sql.ddl(shared, "CREATE DATABASE d");
        assertThat(Sql.single(shared, Long.class, "SELECT COUNT(*) FROM pg_database WHERE datvalid")).isEqualTo(2);
    }

    @Test
    @Tag("R95")
    @Tag("R96")
    void eachRefusalEndsTheProcessAndTheBypassesSkipTheirs() {
        Sql.ddl(superuser, "CREATE ROLE nologin");
        Sql.ddl(superuser, "CREATE USER u");
        Sql.ddl(superuser, "CREATE DATABASE shut ALLOW_CONNECTIONS false");
        Sql.ddl(superuser, "CREATE DATABASE private");
        Sql.ddl(superuser, "REVOKE CONNECT ON DATABASE private FROM PUBLIC");
        assertRefused("28000", POSTGRES.as("nobody"));
        assertRefused("28000", POSTGRES.as("nologin"));
        assertRefused("55000", ConnectTo.database("shut"));
        assertRefused("42501", ConnectTo.database("private").as("u"));
        assertThat(connect(POSTGRES.as("nologin").bypassing(Bypass.ROLELOGINCHECK)).database()).isEqualTo("postgres");
        assertThat(connect(ConnectTo.database("shut").bypassing(Bypass.ALLOWCONN)).database()).isEqualTo("shut");
        assertThat(connect(ConnectTo.database("private").as("u").bypassing(Bypass.ALLOWCONN)).database())
                .isEqualTo("private");
        assertThat(connect(ConnectTo.database("private")).database()).isEqualTo("private");
        Sql.ddl(superuser, "GRANT CONNECT ON DATABASE private TO u");
        assertThat(connect(ConnectTo.database("private").as("u")).database()).isEqualTo("private");
        Sql.ddl(superuser, "ALTER DATABASE shut ALLOW_CONNECTIONS true");
        assertThat(connect(ConnectTo.database("shut").as("u")).database()).isEqualTo("shut");
    }

    @Test
    @Tag("R99")
    void noTransactionIsOpenAfterConnecting() { assertThat(connect(POSTGRES).transaction()).isEmpty(); }

    @Test
    @Tag("R102")
    void aRoleIsShownOnlyIfItWasNamed() {
        TestProcess defaulted = host.process();
        defaulted.connect(POSTGRES);
        TestProcess named = host.process();
        named.connect(POSTGRES.as("postgres"));
        assertThat(defaulted.role).isNull();
        assertThat(named.role).isEqualTo("postgres");
    }

    @Test
    @Tag("R94")
    void aPlainRoleMayWhatWasGrantedAndOneWithCreateMayDdl() {
        Sql.ddl(superuser, "CREATE USER u");
        Sql.ddl(superuser, "CREATE TABLE t (a INT)");
        Session plain = connect(POSTGRES.as("u"));
        Sql.assertFails(plain, "42501", "SELECT * FROM t");
        Sql.assertFails(plain, "42501", "CREATE TABLE mine (a INT)");
        Sql.assertFails(plain, "42501", "GRANT SELECT ON t TO u");
        Sql.assertFails(plain, "42501", "CREATE DATABASE d");
        Sql.assertFails(plain, "42501", "ALTER ROLE u SUPERUSER");
        Sql.assertFails(plain, "42501", "GRANT CREATE ON DATABASE postgres TO u");
        Sql.ddl(superuser, "GRANT SELECT, INSERT ON t TO u");
        assertThat(Sql.commit(plain, "INSERT INTO t VALUES (1)")).isEqualTo(Code.OK_INSERT);
        Sql.assertFails(plain, "42501", "DELETE FROM t");
        Sql.ddl(superuser, "GRANT CREATE ON DATABASE postgres TO u");
        Sql.ddl(plain, "CREATE SCHEMA mine");
        Sql.ddl(plain, "CREATE TABLE mine.t (a INT)");
        Sql.assertFails(plain, "42501", "CREATE ROLE x");
        Sql.ddl(superuser, "REVOKE CREATE ON DATABASE postgres FROM u");
        Sql.assertFails(plain, "42501", "CREATE SCHEMA other");
        Sql.ddl(superuser, "ALTER ROLE u SUPERUSER");
        Sql.ddl(plain, "CREATE DATABASE d");
        Sql.ddl(connect(ConnectTo.database("d").as("u")), "CREATE TABLE t (a INT)");
    }

    @Test
    void aRoleIsDroppedOnlyWhenNothingStandsOnIt() {
        Sql.ddl(superuser, "CREATE ROLE u SUPERUSER LOGIN");
        TestProcess process = host.process();
        Session session = process.connect(POSTGRES.as("u"));
        Sql.assertFails(superuser, "55006", "DROP ROLE u");
        Sql.assertFails(session, "55006", "DROP ROLE u");
        Sql.ddl(session, "CREATE SCHEMA s");
        Sql.ddl(session, "CREATE DATABASE d");
        process.exit();
        Sql.assertFails(superuser, "2BP01", "DROP ROLE u");
        Sql.ddl(superuser, "ALTER DATABASE d OWNER TO postgres");
        Sql.assertFails(superuser, "2BP01", "DROP ROLE u");
        Sql.ddl(superuser, "DROP SCHEMA s");
        Sql.ddl(superuser, "DROP ROLE u");
        Sql.assertFails(superuser, "42704", "DROP ROLE u");
        Sql.ddl(superuser, "DROP ROLE IF EXISTS u");
        assertRefused("28000", POSTGRES.as("u"));
        Sql.ddl(superuser, "CREATE USER u");
        Sql.assertFails(connect(POSTGRES.as("u")), "42501", "CREATE SCHEMA s");
        Sql.ddl(superuser, "CREATE USER other SUPERUSER");
        Sql.assertFails(connect(POSTGRES.as("other")), "2BP01", "DROP ROLE postgres");
        Sql.assertFails(superuser, "0A000", "ALTER ROLE postgres NOSUPERUSER");
    }

    @Test
    void namesThatCannotBeAreRefused() {
        Sql.ddl(superuser, "CREATE ROLE u");
        Sql.assertFails(superuser, "42710", "CREATE ROLE \"U\"");
        Sql.assertFails(superuser, "42939", "CREATE ROLE admin");
        Sql.assertFails(superuser, "42939", "CREATE ROLE pg_x");
        Sql.assertFails(superuser, "42622", "CREATE DATABASE " + "x".repeat(64));
        Sql.assertFails(superuser, "42P04", "CREATE DATABASE postgres");
        Sql.assertFails(superuser, "42704", "CREATE DATABASE d OWNER nobody");
        Sql.assertFails(superuser, "3D000", "ALTER DATABASE nope ALLOW_CONNECTIONS false");
    }

    @Test
    @Tag("R98")
    void aSessionBeginsWithWhatIsStoredForItsRoleAndDatabase() {
        Sql.ddl(superuser, "CREATE USER u");
        Sql.ddl(superuser, "ALTER DATABASE postgres SET statement_timeout = '5s'");
        Sql.ddl(superuser, "ALTER ROLE u SET statement_timeout = 70000");
        Sql.ddl(superuser, "ALTER ROLE u IN DATABASE postgres SET lock_timeout = '2min'");
        Session plain = connect(POSTGRES.as("u"));
        assertThat(Sql.single(plain, String.class, "SHOW statement_timeout")).isEqualTo("70s");
        assertThat(Sql.single(plain, String.class, "SHOW lock_timeout")).isEqualTo("2min");
        Session other = connect(POSTGRES);
        assertThat(Sql.single(other, String.class, "SHOW statement_timeout")).isEqualTo("5s");
        assertThat(Sql.single(other, String.class, "SHOW lock_timeout")).isEqualTo("0");
        assertThat(Sql.single(superuser, String.class, "SHOW statement_timeout")).as("begun before").isEqualTo("0");
        Sql.ddl(superuser, "ALTER DATABASE postgres RESET statement_timeout");
        assertThat(Sql.single(connect(POSTGRES), String.class, "SHOW statement_timeout")).isEqualTo("0");
    }

    @Test
    @Tag("R98")
    void whatIsStoredIsCheckedWhenItIsStored() {
        Sql.ddl(superuser, "ALTER DATABASE postgres SET statement_timeout = '5s'");
        Sql.ddl(superuser, "ALTER DATABASE postgres SET lock_timeout TO 0");
        Sql.ddl(superuser, "ALTER DATABASE postgres SET transaction_timeout TO 5000");
        Sql.assertFails(superuser, "22023", "ALTER DATABASE postgres SET lock_timeout TO 'soon'");
        Sql.assertFails(superuser, "22023", "ALTER DATABASE postgres SET lock_timeout TO '-1s'");
        Sql.assertFails(superuser, "22023", "ALTER ROLE postgres SET application_name = '" + "x".repeat(64) + "'");
        Sql.assertFails(superuser, "42501", "ALTER ROLE postgres SET search_path = 'x'");
        Sql.ddl(superuser, "ALTER DATABASE postgres RESET ALL");
    }
}
