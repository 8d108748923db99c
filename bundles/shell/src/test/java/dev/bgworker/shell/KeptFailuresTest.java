package dev.bgworker.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a prompt keeps of a command that failed. */
class KeptFailuresTest {

    private final ThreadIOImpl threadIo = new ThreadIOImpl();
    private final CommandProcessorImpl processor = new CommandProcessorImpl(threadIo);
    private final CommandSession session = processor.createSession(InputStream.nullInputStream(),
            new ByteArrayOutputStream(), new ByteArrayOutputStream());
    private final KeptFailures listener = new KeptFailures();

    @BeforeEach
    void start() { threadIo.start(); }

    @AfterEach
    void stop() {
        session.close();
        threadIo.stop();
    }

    /** As the prompt does it. */
    private Throwable execute(String line) {
        Throwable failed = catchThrowable(() -> session.execute(line));
        session.put("exception", failed);
        return failed;
    }

    @Test
    void isGoneWithTheBundle() {
        Workers workers = new Workers();
        processor.addCommand("bgw", new BgwCommands(workers, workers), "show");
        processor.addListener(listener);

        Throwable failed = execute("bgw:show 4711");
        assertThat(failed).isInstanceOf(CommandFailure.class);
        assertThat(session.get("exception")).isSameAs(failed);
        listener.forget();

        assertThat(session.get("exception")).isNull();
    }

    /** Frames and causes name classes of any bundle that was on the way. */
    @Test
    void isTextAlone() {
        ErrorData data = ErrorData.errcode("53000", "no slot");
        ErrorException raised = new ErrorException(data, new IllegalStateException("in a library"));

        CommandFailure failure = CommandFailure.of(raised);

        assertThat(failure).hasNoCause().hasMessage("ERROR:  no slot").hasToString("ERROR:  no slot");
        assertThat(failure.getStackTrace()).isEmpty();
        assertThat(CommandFailure.ofStatement(raised)).hasNoCause();
    }
}
