package test_shm_mq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.process.ErrorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    private static ErrorException refused(String line) {
        return catchThrowableOfType(ErrorException.class, () -> Options.parse(line.split(" ")));
    }

    @Test
    void whatIsNotGivenIsTheUsual() {
        assertThat(Options.parse()).isEqualTo(new Options(65_536, 64, 10_000, 1, false, true));
        assertThat(Options.parse("--loops=7", "--workers", "3", "--pipelined", "--no-verify", "--message_size", "0",
                "--queue_size", "64")).isEqualTo(new Options(64, 0, 7, 3, true, false));
    }

    @ParameterizedTest
    @CsvSource({"--queue_size,63,64,1073741823", "--queue_size,abc,64,1073741823", "--queue_size,-1,64,1073741823",
            "--message_size,1073741824,0,1073741823", "--loops,10k,1,9223372036854775807",
            "--loops,9223372036854775808,1,9223372036854775807", "--workers,3000000000,1,262143",
            "--workers,--loops,1,262143"})
    void aValueThatCannotBeIsToldWithItsOptionAndWhatIsAllowed(String option, String value, String least, String most) {
        ErrorException refused = refused(option + " " + value);

        assertThat(refused.data().sqlState()).isEqualTo("22023");
        assertThat(refused.data().message()).isEqualTo("invalid value for option " + option + ": \"" + value + "\"");
        assertThat(refused.data().hint())
                .isEqualTo("It must be a whole number, at least " + least + " and at most " + most + ".");
    }

    @ParameterizedTest
    @CsvSource({"--loops,option --loops requires a value", "--qeue_size 64,unrecognized option \"--qeue_size\"",
            "64,unrecognized option \"64\"", "--pipelined=yes,unrecognized option \"--pipelined=yes\"",
            "--loops 1 --loops=2,option --loops was given twice"})
    void whatIsNoOptionIsToldWithTheUsage(String line, String message) {
        ErrorException refused = refused(line);

        assertThat(refused.data().sqlState()).isEqualTo("22023");
        assertThat(refused.data().message()).isEqualTo(message);
        assertThat(refused.data().hint()).isEqualTo(Usage.HELP);
    }
}
