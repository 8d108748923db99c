package dev.bgworker.shell;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Ereport;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.threadio.ThreadIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs Gogo commands of scope {@code bgw}, whichever bundle registered them, each in a session of its own. */
final class GogoCommands implements Commands {

    private static final Logger LOG = LoggerFactory.getLogger(GogoCommands.class);

    private static final Pattern NAME = Pattern.compile("bgw:[a-z_-]+");

    private final CommandProcessor processor;
    private final ThreadIO threadIo;

    GogoCommands(CommandProcessor processor, ThreadIO threadIo) {
        this.processor = processor;
        this.threadIo = threadIo;
    }

    @Override
    public int run(List<String> words, OutputStream out, OutputStream err) {
        PrintStream stdout = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream stderr = new PrintStream(err, true, StandardCharsets.UTF_8);
        int status = 0;
        try (CommandSession session = processor.createSession(InputStream.nullInputStream(), stdout, stderr)) {
            execute(session, words, stdout, stderr);
        } catch (Exception | Error failed) {
            status = failed instanceof CommandFailure told ? told.status() : CommandFailure.FAILED;
            stderr.println(failed instanceof CommandFailure told
                    ? told.getMessage()
                    : ErrorText.of(error(words.get(0), failed)));
        }
        stdout.flush();
        stderr.flush();
        return status;
    }

    private void execute(CommandSession session, List<String> words, PrintStream stdout, PrintStream stderr)
            throws Exception {
        Function command = command(session, words.get(0));
        // what a command prints on System.out goes to its own client; Gogo does the same for a line typed at the prompt
        threadIo.setStreams(InputStream.nullInputStream(), stdout, stderr);
        try {
            Object result = command.execute(session, new ArrayList<>(words.subList(1, words.size())));
            if (result != null) {
                String text = session.format(result, Converter.INSPECT).toString();
                stdout.print(text.endsWith("\n") ? text : text + "\n");
            }
        } finally {
            threadIo.close();
        }
    }

    private static Function command(CommandSession session, String name) {
        return find(session, name).orElseThrow(() -> {
            Set<?> known = session.get(".commands") instanceof Set<?> all ? all : Set.of();
            // Gogo keeps the names of commands that are gone
            String offered = known.stream().map(String::valueOf).filter(one -> find(session, one).isPresent()).sorted()
                    .collect(Collectors.joining(", "));
            return CommandFailure.misuse("unknown command \"" + name + "\"",
                    offered.isEmpty()
                            ? "No command of scope bgw is registered; the supervisor is not running, see the server log."
                            : "Commands are " + offered + "; each has --help.");
        });
    }

    private static Optional<Function> find(CommandSession session, String name) {
        return NAME.matcher(name).matches() && session.get(name) instanceof Function command
                ? Optional.of(command)
                : Optional.empty();
    }

    private static ErrorData error(String command, Throwable failed) {
        if (failed instanceof InterruptedException) {
            return ErrorData.errcode("57P01", "terminating connection due to administrator command");
        }
        Throwable cause = failed instanceof InvocationTargetException wrapper ? wrapper.getCause() : failed;
        if (cause instanceof Ereport ereport) {
            return ereport.data();
        }
        LOG.warn("{} failed", command, cause);
        return ErrorData.errcode("XX000", cause.toString()).errhint("The stack is in the server log.");
    }
}
