package dev.bgworker.supervisor.osgi;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.supervisor.core.Limits;
import dev.bgworker.supervisor.settings.Settings;
import dev.bgworker.supervisor.settings.SettingsReader;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {

    private static SettingsReader reader(Map<String, String> keys) { return new SettingsReader("etc/bgw.cfg", keys); }

    private static Settings read(Map<String, String> keys) {
        SettingsReader reader = reader(keys);
        Settings settings = reader.read(Settings.DEFAULT);
        assertThat(reader.faults()).isEmpty();
        return settings;
    }

    @Test
    void allKeysAreRead() {
        Settings settings = read(Map.of("max_worker_processes", " 12 ", "bgw_stop_timeout", "5s", "shutdown_timeout", "2min",
                "library_grace", "0", "deadlock_timeout", "250ms", "shared_preload_libraries", "a, b,,c ",
                "dynamic_library_path", "lib,/opt/more", "max_worker_processes_per_library", "4", "restart_after_crash",
                "off",
                "bgw_launches_per_pass", "7"));

        assertThat(settings.limits().maxWorkerProcesses()).isEqualTo(12);
        assertThat(settings.limits().maxPerLibrary()).isEqualTo(4);
        assertThat(settings.limits().restartAfterCrash()).isFalse();
        assertThat(settings.limits().launchesPerPass()).isEqualTo(7);
        assertThat(settings.limits().stopTimeout()).isEqualTo(ofSeconds(5));
        assertThat(settings.limits().shutdownTimeout()).isEqualTo(ofMinutes(2));
        assertThat(settings.limits().libraryGrace()).isZero();
        assertThat(settings.deadlockTimeout()).isEqualTo(ofMillis(250));
        assertThat(settings.preload()).containsExactly("a", "b", "c");
        assertThat(settings.libraryPath()).containsExactly(Path.of("lib"), Path.of("/opt/more"));
        assertThat(settings.texts()).containsAllEntriesOf(Map.of("max_worker_processes", "12", "shutdown_timeout", "120s",
                "deadlock_timeout", "250ms", "shared_preload_libraries", "a,b,c", "restart_after_crash", "off"));
    }

    @Test
    @Tag("R18")
    void withoutKeysTheDefaultsHold() {
        Settings before = read(Map.of("max_worker_processes", "3"));

        assertThat(reader(Map.of()).read(before)).isEqualTo(Settings.DEFAULT);
        assertThat(Settings.DEFAULT.limits()).isEqualTo(Limits.DEFAULT);
        assertThat(Limits.DEFAULT.maxWorkerProcesses()).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "262143"})
    @Tag("R18")
    void theRangeOfSlotsIsAccepted(String slots) {
        assertThat(read(Map.of("max_worker_processes", slots)).limits().maxWorkerProcesses())
                .isEqualTo(Integer.parseInt(slots));
    }

    @ParameterizedTest
    @CsvSource({"max_worker_processes,-1,outside", "max_worker_processes,262144,outside",
            "max_worker_processes,many,no whole number", "max_worker_processes_per_library,-1,outside",
            "max_worker_processes_per_library,262144,outside", "max_worker_processes_per_library,1.5,no whole number",
            "bgw_launches_per_pass,0,outside", "bgw_launches_per_pass,262144,outside", "bgw_launches_per_pass,all,no whole",
            "restart_after_crash,maybe,neither on nor off", "restart_after_crash,'',neither on nor off",
            "bgw_stop_timeout,soon,no time", "bgw_stop_timeout,-1,no time", "shutdown_timeout,-1s,no time",
            "shutdown_timeout,5 y,no time", "library_grace,1.5s,no time", "library_grace,9999999999,no time",
            "dynamic_library_path,a\u0000b,character", "statement_timeout,-1,no time", "lock_timeout,now,no time",
            "transaction_timeout,25d,outside", "idle_in_transaction_session_timeout,597h,outside 0 to 2147483647ms",
            "track_activities,full,neither on nor off", "durability,none,'is none of durable, fsync, fast'",
            "recovery_check,on,'none of full, recent, off'", "retention_time,long,no time"})
    @Tag("R18")
    void aFaultCostsItsKeyAloneWhichKeepsItsValue(String key, String value, String reason) {
        Settings before = read(Map.of("max_worker_processes", "3", "bgw_stop_timeout", "7s", "shutdown_timeout", "7s",
                "library_grace", "7s", "deadlock_timeout", "2s", "max_worker_processes_per_library", "2",
                "restart_after_crash", "off", "bgw_launches_per_pass", "9", "dynamic_library_path", "mine"))
                .with(Map.of("statement_timeout", "7s",
                        "lock_timeout", "7s", "transaction_timeout", "7s", "idle_in_transaction_session_timeout", "7s",
                        "track_activities", "off", "durability", "fsync", "recovery_check", "recent", "retention_time",
                        "7s"));
        SettingsReader reader = reader(Map.of(key, value, "deadlock_timeout", "3s"));

        Settings after = reader.read(before);

        assertThat(reader.faults()).singleElement().asString().contains("etc/bgw.cfg", key, reason, "it stays");
        assertThat(after.deadlockTimeout()).isEqualTo(ofSeconds(3));
        assertThat(value(after, key)).isEqualTo(value(before, key)).isNotEqualTo(value(Settings.DEFAULT, key));
    }

    @Test
    void aFaultInTheDeadlockTimeoutCostsItAlone() {
        SettingsReader reader = reader(Map.of("deadlock_timeout", "long", "library_grace", "1s"));

        Settings after = reader.read(read(Map.of("deadlock_timeout", "2s")));

        assertThat(reader.faults()).singleElement().asString().contains("deadlock_timeout", "\"long\" is no time",
                "stays 2s");
        assertThat(after.limits().libraryGrace()).isEqualTo(ofSeconds(1));
        assertThat(after.deadlockTimeout()).isEqualTo(ofSeconds(2));
    }

    private static String value(Settings settings, String key) { return settings.texts().get(key); }

    /** What Metatype tells tools is what is read: no key more, none less, and the same defaults. */
    @Test
    void metatypeDescribesEachKeyWithItsDefault() {
        Map<String, String> described = new TreeMap<>();
        for (Method each : BgwSettings.class.getDeclaredMethods()) {
            described.put(each.getName().replace("__", "_"), String.valueOf(each.getDefaultValue()));
        }

        SettingsReader reader = reader(described);
        assertThat(reader.read(Settings.DEFAULT)).isEqualTo(Settings.DEFAULT);
        assertThat(reader.faults()).isEmpty();
        SettingsReader unknown = reader(Map.of("x", "y"));
        unknown.read(Settings.DEFAULT);
        assertThat(unknown.faults()).singleElement().asString().contains(described.keySet().toString());
    }

    @Test
    void anUnknownKeyIsToldAndAKeyWithADotIsALibrarys() {
        SettingsReader reader = reader(Map.of("max_workers", "8", "worker_spi.naptime", "10", "worker_spi2.x", "y"));

        Settings settings = reader.read(Settings.DEFAULT);

        assertThat(reader.faults()).singleElement().asString().contains("unknown key \"max_workers\"",
                "max_worker_processes");
        assertThat(settings.of("worker_spi")).isEqualTo(Map.of("worker_spi.naptime", "10"));
        assertThat(settings.of("worker")).isEmpty();
    }
}
