package dev.bgworker.spi.cluster;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.ConnectTo.Bypass;
import dev.bgworker.spi.sql.ClusterCommand.Privilege;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Each combination of what may stand in the way against the order of {@code InitPostgres}, told a second time in plain. */
class AdmissionTest {

    private static final long ROLE = 16384;
    private static final long DATABASE = 16385;

    /** What the catalogs say, and what is asked. */
    private record Case(boolean roleExists, boolean canLogin, boolean superuser, boolean databaseExists, boolean valid,
            boolean allow, boolean connect, Set<Bypass> bypass) {

        static Case of(int bits) {
            Set<Bypass> bypass = new HashSet<>();
            if ((bits & 128) != 0) {
                bypass.add(Bypass.ALLOWCONN);
            }
            if ((bits & 256) != 0) {
                bypass.add(Bypass.ROLELOGINCHECK);
            }
            return new Case((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, (bits & 16) != 0,
                    (bits & 32) != 0, (bits & 64) != 0, bypass);
        }

        Catalog catalog() {
            Map<Long, RoleRow> roles = new HashMap<>();
            roles.put(10L, new RoleRow(10, "postgres", false, true));
            if (roleExists) {
                roles.put(ROLE, new RoleRow(ROLE, "r", canLogin, superuser));
            }
            Map<Long, DatabaseRow> databases = databaseExists
                    ? Map.of(DATABASE, new DatabaseRow(DATABASE, "d", 10, allow, valid, "16385"))
                    : Map.of();
            return new Catalog(databases, roles,
                    connect ? Set.of(new Grant(DATABASE, ROLE, Privilege.CONNECT)) : Set.of(), List.of());
        }

        String expected(boolean byOid) {
            if (!roleExists) {
                return byOid ? "28000 role with OID 16384 does not exist" : "28000 role \"r\" does not exist";
            } else if (!canLogin && !bypass.contains(Bypass.ROLELOGINCHECK)) {
                return "28000 role \"r\" is not permitted to log in";
            }
            return expectedOfDatabase(byOid, superuser);
        }

        String expectedOfDatabase(boolean byOid, boolean asSuperuser) {
            if (!databaseExists) {
                return byOid ? "3D000 database 16385 does not exist" : "3D000 database \"d\" does not exist";
            } else if (!valid) {
                return "55000 cannot connect to invalid database \"d\"";
            } else if (!allow && !bypass.contains(Bypass.ALLOWCONN)) {
                return "55000 database \"d\" is not currently accepting connections";
            } else if (!connect && !asSuperuser && !bypass.contains(Bypass.ALLOWCONN)) {
                return "42501 permission denied for database \"d\"";
            }
            return "";
        }
    }

    @Test
    @Tag("R95")
    @Tag("R96")
    @Tag("R93")
    void eachCombinationIsRefusedByTheFirstCheckThatFails() {
        for (int bits = 0; bits < 512; bits++) {
            Case each = Case.of(bits);
            assertThat(outcome(each, new ConnectTo("d", 0, "r", 0, each.bypass), ""))
                    .as(each.toString()).isEqualTo(each.expected(false));
            assertThat(outcome(each, new ConnectTo("", DATABASE, "", ROLE, each.bypass), ""))
                    .as(each.toString()).isEqualTo(each.expected(true));
            assertThat(outcome(each, new ConnectTo("d", 0, "", 0, each.bypass), "r"))
                    .as("role of the definition, " + each).isEqualTo(each.expected(false));
        }
    }

    @Test
    @Tag("R94")
    @Tag("R96")
    void aDefaultedRoleIsTheSuperuserOfInitdbWhetherItMayLogInOrNotAndSkipsNoCheckOfTheDatabase() {
        for (int bits = 0; bits < 512; bits++) {
            Case each = Case.of(bits);
            assertThat(outcome(each, new ConnectTo("d", 0, "", 0, each.bypass), ""))
                    .as(each.toString()).isEqualTo(each.expectedOfDatabase(false, true));
        }
        Admission found = Admission.find(Case.of(511).catalog(), ConnectTo.database("d"), "");
        assertThat(found.role().name()).isEqualTo("postgres");
        assertThat(found.defaultedRole()).isTrue();
    }

    @Test
    @Tag("R94")
    void withoutADatabaseTheRoleAloneIsChecked() {
        for (int bits = 0; bits < 512; bits++) {
            Case each = Case.of(bits);
            String role = each.expected(false);
            assertThat(outcome(each, new ConnectTo("", 0, "r", 0, each.bypass), ""))
                    .as(each.toString()).isEqualTo(role.startsWith("28000") ? role : "");
        }
    }

    @Test
    @Tag("R97")
    void aDatabaseThatWasDroppedOrRenamedMeanwhileIsGone() {
        Case good = Case.of(127);
        Admission found = Admission.find(good.catalog(), ConnectTo.database("d").as("r"), "");
        Catalog renamed = new Catalog(Map.of(DATABASE, new DatabaseRow(DATABASE, "e", 10, true, true, "16385")),
                good.catalog().roles(), good.catalog().grants(), List.of());
        for (Catalog now : List.of(renamed, Case.of(127 & ~8).catalog())) {
            ErrorException refused = catchThrowableOfType(ErrorException.class, () -> found.recheck(now));
            assertThat(refused.data().sqlState()).isEqualTo("3D000");
            assertThat(refused.data().detail()).isEqualTo("It seems to have just been dropped or renamed.");
        }
        ErrorException noRole = catchThrowableOfType(ErrorException.class,
                () -> found.recheck(Case.of(127 & ~1).catalog()));
        assertThat(noRole.data().sqlState()).isEqualTo("28000");
    }

    @Test
    @Tag("R98")
    void theMoreSpecificStoredSettingWins() {
        List<StoredSetting> all = List.of(new StoredSetting(0, 0, "a", "all"),
                new StoredSetting(DATABASE, 0, "a", "database"),
                new StoredSetting(0, ROLE, "a", "role"), new StoredSetting(DATABASE, ROLE, "a", "both"));
        for (int n = 1; n <= all.size(); n++) {
            Catalog catalog = new Catalog(Map.of(), Map.of(), Set.of(), all.subList(0, n));
            assertThat(catalog.settings(DATABASE, ROLE)).containsExactly(Map.entry("a", all.get(n - 1).value()));
        }
        assertThat(new Catalog(Map.of(), Map.of(), Set.of(), all).settings(1, 2)).containsExactly(Map.entry("a", "all"));
    }

    private static String outcome(Case each, ConnectTo how, String definitionsRole) {
        try {
            Admission.find(each.catalog(), how, definitionsRole).recheck(each.catalog());
            return "";
        } catch (ErrorException e) {
            return e.data().sqlState() + " " + e.data().message();
        }
    }
}
