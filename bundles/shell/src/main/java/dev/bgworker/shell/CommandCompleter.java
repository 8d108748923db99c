package dev.bgworker.shell;

import static java.util.Map.entry;

import dev.bgworker.api.control.Server;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/**
 * Completes what follows the commands {@code bgw:*}: options, out of their usage, and names of workers. All else is Gogo's.
 * Called by the thread that reads.
 */
final class CommandCompleter implements Completer {

    private static final Pattern OPTION = Pattern.compile("--[a-z_]+(\\.[a-z_]+)?");

    private static final Map<String, String> OF_WORKERS = Map.of("show", Usage.SHOW, "terminate", Usage.TERMINATE, "restart",
            Usage.RESTART, "pause", Usage.PAUSE, "resume", Usage.RESUME, "cancel", Usage.CANCEL, "signal", Usage.SIGNAL);
    private static final Map<String, String> OTHERS = Map.ofEntries(entry("list", Usage.LIST),
            entry("register", Usage.REGISTER), entry("libs", Usage.LIBS), entry("activity", Usage.ACTIVITY),
            entry("locks", Usage.LOCKS), entry("wait_events", Usage.WAIT_EVENTS), entry("shmem", Usage.SHMEM),
            entry("reload", Usage.RELOAD), entry("promote", Usage.PROMOTE), entry("stop", Usage.STOP),
            entry("sql", Usage.SQL));

    private final Completer gogo;
    private final Server server;

    CommandCompleter(Completer gogo, Server server) {
        this.gogo = gogo;
        this.server = server;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> found) {
        String command = line.words().get(0).replaceFirst("^bgw:", "");
        String usage = OF_WORKERS.getOrDefault(command, OTHERS.get(command));
        if (usage == null || line.wordIndex() == 0) {
            gogo.complete(reader, line, found);
        } else if (line.word().startsWith("-")) {
            OPTION.matcher(usage).results().map(MatchResult::group).distinct().map(Candidate::new).forEach(found::add);
        } else if (OF_WORKERS.containsKey(command)) {
            server.workers().stream().map(worker -> worker.definition().name()).distinct().map(Candidate::new)
                    .forEach(found::add);
        }
    }
}
