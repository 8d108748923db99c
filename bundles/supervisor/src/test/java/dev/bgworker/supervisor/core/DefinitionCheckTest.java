package dev.bgworker.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.process.ErrorData;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionCheckTest {

    private static final RestartPolicy BAD_DELAY = RestartPolicy.after(Duration.ofSeconds(-2));
    private static final Duration ONE = Duration.ofSeconds(1);
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);
    private static final String LONG = "x".repeat(96);

    private static BackgroundWorker.Builder worker() { return BackgroundWorker.builder("w", "lib", "main"); }

    /** Each has the fault that is named and all that are checked later. */
    static Stream<Arguments> faultsInOrder() {
        return Stream.of(
                Arguments.of("must attach to shared memory",
                        named(LONG).flags(Set.of(Flag.DATABASE_CONNECTION, Flag.INTERRUPTIBLE))
                                .startTime(StartTime.POSTMASTER_START).restart(BAD_DELAY)),
                Arguments.of("cannot request database access if starting at postmaster start",
                        named(LONG).startTime(StartTime.POSTMASTER_START).restart(BAD_DELAY)),
                Arguments.of("cannot be interruptible without a database connection",
                        named(LONG).flags(Set.of(Flag.SHMEM_ACCESS, Flag.INTERRUPTIBLE)).restart(BAD_DELAY)),
                Arguments.of("invalid restart interval", named(LONG).restart(BAD_DELAY)),
                Arguments.of("is never restarted", named(LONG).restart(RestartPolicy.NEVER.limit(3, ONE))),
                Arguments.of("is never restarted", named(LONG).restart(RestartPolicy.NEVER.backoff(2, ONE))),
                Arguments.of("invalid backoff.factor: 0.5", named(LONG).restart(
                        new RestartPolicy(ONE, 0.5, Duration.ZERO, -1, FOREVER.negated(), -1, Duration.ZERO))),
                Arguments.of("invalid backoff.cap: 0 s", named(LONG).restart(
                        new RestartPolicy(ONE, 2, Duration.ZERO, -1, FOREVER.negated(), -1, Duration.ZERO))),
                Arguments.of("invalid backoff.cap: 9223372036854775807 s", named(LONG).restart(
                        new RestartPolicy(ONE, 2, FOREVER, -1, FOREVER.negated(), -1, Duration.ZERO))),
                Arguments.of("invalid backoff.jitter: -1.0", named(LONG).restart(
                        new RestartPolicy(ONE, 2, ONE, -1, FOREVER.negated(), -1, Duration.ZERO))),
                Arguments.of("invalid backoff.jitter: NaN", named(LONG).restart(
                        new RestartPolicy(ONE, 2, ONE, Double.NaN, FOREVER.negated(), -1, Duration.ZERO))),
                Arguments.of("invalid backoff.healthy_after", named(LONG).restart(
                        new RestartPolicy(ONE, 2, ONE, 0, FOREVER, -1, Duration.ZERO))),
                Arguments.of("invalid limit.starts: -1", named(LONG).restart(
                        new RestartPolicy(ONE, 2, ONE, 0, ONE, -1, Duration.ZERO))),
                Arguments.of("invalid limit.window: 0 s", named(LONG).restart(
                        RestartPolicy.after(ONE).limit(3, Duration.ZERO)).runsIn(Set.of(State.STARTING))),
                Arguments.of("it would never run", named(LONG).runsIn(Set.of(State.CONSISTENT, State.FAST_SHUTDOWN))),
                Arguments.of("bgw_name is too long: 96 bytes", named(LONG).type(LONG)),
                Arguments.of("bgw_type is too long: 96 bytes",
                        BackgroundWorker.builder("w", "l".repeat(1024), LONG).type(LONG)),
                Arguments.of("bgw_library_name is too long: 1024 bytes",
                        BackgroundWorker.builder("w", "l".repeat(1024), LONG)),
                Arguments.of("bgw_function_name is too long: 96 bytes", BackgroundWorker.builder("a\nb", "lib", LONG)),
                Arguments.of("bgw_name contains a control character", named("a\nb").type("\u0007")),
                Arguments.of("bgw_type contains a control character",
                        BackgroundWorker.builder("w", "lib", "\u007f").type("a\tb")),
                Arguments.of("bgw_function_name contains a control character",
                        BackgroundWorker.builder("w", "lib", "\u007f").extra(Map.of("k", "v".repeat(65_536)))),
                Arguments.of("bgw_extra is too long: 65537 bytes", worker().extra(Map.of("k", "v".repeat(65_536)))));
    }

    private static BackgroundWorker.Builder named(String name) { return BackgroundWorker.builder(name, "lib", "main"); }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faultsInOrder")
    @Tag("R3")
    @Tag("R1")
    @Tag("R16")
    void theFirstFaultInTheContractsOrderIsTold(String message, BackgroundWorker.Builder definition) {
        ErrorData error = DefinitionCheck.errorIn(definition.build()).orElseThrow();

        assertThat(error.sqlState()).isEqualTo("22023");
        assertThat(error.message()).startsWith("background worker \"").contains(message).doesNotContain("\n");
        assertThat(error.hint()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 2_147_484, 86_400_000})
    @Tag("R4")
    void delaysOfTheWholeRangeAreAccepted(long seconds) {
        assertThat(DefinitionCheck.errorIn(delayed(Duration.ofSeconds(seconds)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {-2, 86_400_001, Long.MIN_VALUE, Long.MAX_VALUE})
    @Tag("R4")
    void delaysOutsideAreRefusedWithTheRange(long seconds) {
        assertThat(DefinitionCheck.errorIn(delayed(Duration.ofSeconds(seconds)))).get()
                .satisfies(error -> assertThat(error.hint()).contains("86400000"));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1, 999, 1_500, 86_400_000_001L})
    @Tag("R4")
    void aDelayIsWholeSeconds(long millis) {
        assertThat(DefinitionCheck.errorIn(delayed(Duration.ofMillis(millis)))).isPresent();
    }

    private static BackgroundWorker delayed(Duration delay) { return worker().restart(RestartPolicy.after(delay)).build(); }

    @Test
    @Tag("R1")
    void lengthsAreBytesOfUtf8() {
        String fits = "ü".repeat(47) + "x";
        String tooLong = "ü".repeat(48);

        assertThat(DefinitionCheck.errorIn(named(fits).type(fits).build())).isEmpty();
        assertThat(DefinitionCheck.errorIn(BackgroundWorker.builder("w", "l".repeat(1023), fits).build())).isEmpty();
        assertThat(DefinitionCheck.errorIn(named(tooLong).build())).isPresent();
        assertThat(DefinitionCheck.errorIn(BackgroundWorker.builder("w", "€".repeat(342), "f").build())).isPresent();
        assertThat(DefinitionCheck.errorIn(worker().extra(Map.of("k", "ü".repeat(32_768))).build())).isPresent();
        assertThat(DefinitionCheck.errorIn(worker().extra(Map.of("k", "v".repeat(65_535))).build())).isEmpty();
    }

    @Test
    @Tag("R3")
    void neitherSharedMemoryNorConnectionIsNeeded() {
        assertThat(DefinitionCheck.errorIn(worker().flags(Set.of()).startTime(StartTime.POSTMASTER_START).build()))
                .isEmpty();
    }

    @Test
    @Tag("R36")
    void statesThatItsStartTimeCanReachAreAccepted() {
        assertThat(DefinitionCheck.errorIn(worker().startTime(StartTime.CONSISTENT_STATE)
                .runsIn(Set.of(State.CONSISTENT)).build())).isEmpty();
        assertThat(DefinitionCheck.errorIn(worker().flags(Set.of()).startTime(StartTime.POSTMASTER_START)
                .runsIn(Set.of(State.STARTING)).build())).isEmpty();
    }

    @Test
    void theReadyMadePoliciesAreValid() {
        assertThat(Stream.of(RestartPolicy.DEFAULT, RestartPolicy.NEVER, RestartPolicy.after(Duration.ZERO),
                RestartPolicy.DEFAULT.backoff(2, Duration.ofMinutes(5)),
                RestartPolicy.after(ONE).limit(1, ONE), RestartPolicy.after(Duration.ZERO).backoff(2, ONE)))
                .allMatch(policy -> DefinitionCheck.errorIn(worker().restart(policy).build()).isEmpty());
    }

    @Test
    @Tag("R6")
    void anEmptyNameIsNotChecked() {
        assertThat(DefinitionCheck.errorIn(BackgroundWorker.builder("", "", "").build())).isEmpty();
    }

    @Test
    @Tag("R5")
    void anEmptyTypeBecomesTheName() {
        BackgroundWorker given = named("sweeper").notifyPid(7).outlivesOwner().extra(Map.of("a", "b")).build();

        BackgroundWorker completed = DefinitionCheck.completed(given);

        assertThat(completed).isEqualTo(
                named("sweeper").type("sweeper").notifyPid(7).outlivesOwner().extra(Map.of("a", "b")).build());
        assertThat(DefinitionCheck.completed(named("sweeper").type("janitor").build()).type()).isEqualTo("janitor");
    }
}
