package dev.bgworker.shell;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Against Gogo itself, without a framework. */
class GogoCommandsTest {

    /** Commands as another bundle might register them. */
    public static final class Sample {

        final List<String> heard = new ArrayList<>();

        public String echo(String... words) {
            heard.addAll(Arrays.asList(words));
            return String.join("|", words);
        }

        public void print(CommandSession session) {
            session.getConsole().println("to the console");
            PrintStream standard = System.out;
            standard.println("to standard output");
        }

        public List<String> many() { return List.of("one", "two"); }

        public void misuse() { throw CommandFailure.misuse("wrong", "Do right."); }

        public void failing() {
            throw new ErrorException(ErrorData.errcode("53000", "no slot").errdetail("8 of 8.").errhint("Increase it."));
        }

        public void fatal() { throw new FatalError(ErrorData.errcode("57P01", "the end")); }

        public void broken() { throw new IllegalStateException("bug"); }

        public void waiting() throws InterruptedException { throw new InterruptedException(); }
    }

    private final Sample sample = new Sample();
    private final ThreadIOImpl threadIo = new ThreadIOImpl();
    private final CommandProcessorImpl processor = new CommandProcessorImpl(threadIo);
    private final Commands commands = new GogoCommands(processor, threadIo);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void registerCommands() {
        threadIo.start();
        processor.addCommand("bgw", sample, Sample.class);
        processor.addCommand("other", sample, "echo");
    }

    @AfterEach
    void restoreStreams() { threadIo.stop(); }

    private int run(String... words) { return commands.run(List.of(words), out, err); }

    private String out() { return out.toString(StandardCharsets.UTF_8); }

    private String err() { return err.toString(StandardCharsets.UTF_8); }

    @Test
    void argumentsAreDataWhateverTheyLookLike() {
        List<String> words = List.of("it's \"so\"", "$HOME ${x} $(bgw:echo pwned)", "a;b", "a|b", "a\\b\\", "{ bgw:echo x }",
                "two\nlines", "\u00fc\u20ac\ud83d\ude00", "[1 2]", "*", "~", "#x", "%expr", "a=b", "", " ", "&", ">f",
                "null",
                "007", "4", "true");
        List<String> all = new ArrayList<>(List.of("bgw:echo"));
        all.addAll(words);

        assertThat(commands.run(all, out, err)).isZero();

        assertThat(sample.heard).isEqualTo(words);
        assertThat(out()).isEqualTo(String.join("|", words) + "\n");
    }

    @Test
    void onlyRegisteredCommandsOfTheScopeAreRun() {
        for (String name : List.of("other:echo", "echo", "bgw:nothing", "bgw:echo x", "bgw:echo;bgw:echo", "*:echo", "bgw:",
                "", "BGW:ECHO")) {
            err.reset();
            assertThat(run(name, "x")).as(name).isEqualTo(2);
            assertThat(err())
                    .startsWith("ERROR:  unknown command \"" + name + "\"\nHINT:  Commands are bgw:broken, bgw:echo,");
        }
        assertThat(sample.heard).isEmpty();
    }

    @Test
    void aMissingSupervisorIsGuessedWhenThereIsNoCommand() {
        processor.removeCommand(sample);

        assertThat(run("bgw:list")).isEqualTo(2);
        assertThat(err()).contains("the supervisor is not running");
    }

    @Test
    void whatACommandReturnsOrPrintsIsOutput() {
        assertThat(run("bgw:print")).isZero();
        assertThat(run("bgw:many")).isZero();
        assertThat(out()).isEqualTo("to the console\nto standard output\none\ntwo\n");
        assertThat(err()).isEmpty();
    }

    @Test
    void failureIsErrorOutputAndAStatus() {
        assertThat(run("bgw:misuse")).isEqualTo(2);
        assertThat(run("bgw:failing")).isEqualTo(1);
        assertThat(run("bgw:fatal")).isEqualTo(1);
        assertThat(run("bgw:broken")).isEqualTo(1);
        assertThat(run("bgw:waiting")).isEqualTo(1);
        assertThat(err()).isEqualTo("""
                ERROR:  wrong
                HINT:  Do right.
                ERROR:  no slot
                DETAIL:  8 of 8.
                HINT:  Increase it.
                ERROR:  the end
                ERROR:  java.lang.IllegalStateException: bug
                HINT:  The stack is in the server log.
                ERROR:  terminating connection due to administrator command
                """);
        assertThat(out()).isEmpty();
    }

    @Test
    void ourCommandsAreReachedThroughGogo() throws Exception {
        Workers workers = new Workers();
        processor.addCommand("bgw", new BgwCommands(workers, workers), "register");

        assertThat(run("bgw:register", "--bgw_library_name", "worker_spi", "--bgw_function_name", "f", "--bgw_main_arg",
                "--wait", "--bgw_name", "007")).isZero();
        assertThat(out()).isEqualTo("007: RUNNING, pid 100\n");
        assertThat(workers.handles.get(0).details().definition().mainArg()).hasToString("--wait");
    }

    @Test
    void atThePromptNumbersStayWhatTheyLookLike() throws Exception {
        try (CommandSession session = processor.createSession(java.io.InputStream.nullInputStream(), out, err)) {
            session.execute("bgw:echo 007 1.50 4 true 'SPI worker 1' --wait 10s");
            session.execute("bgw:echo null");
        }
        assertThat(sample.heard).map(String::valueOf).containsExactly("007", "1.50", "4", "true", "SPI worker 1", "--wait",
                "10s", "null");
    }
}
