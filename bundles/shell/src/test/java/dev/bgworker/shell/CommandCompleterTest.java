package dev.bgworker.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.WorkerDetails.State;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.jline.Parser;
import org.jline.reader.Candidate;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;

class CommandCompleterTest {

    private final Workers workers = new Workers();
    private final CommandCompleter completer = new CommandCompleter(
            (reader, line, found) -> found.add(new Candidate("of Gogo")), workers);

    private List<String> complete(String line) {
        List<Candidate> found = new ArrayList<>();
        completer.complete(null, new CompletionParser(new Parser()).parse(line, line.length(), ParseContext.COMPLETE),
                found);
        return found.stream().map(Candidate::value).toList();
    }

    @Test
    void namesOfWorkersFollowTheCommandsThatTakeThem() {
        workers.add(Workers.details("SPI worker 1", 42, State.RUNNING));
        workers.add(Workers.details("crawl", 43, State.RUNNING));
        workers.add(Workers.details("crawl", 44, State.RUNNING));

        assertThat(complete("bgw:show ")).containsExactly("SPI worker 1", "crawl");
        assertThat(complete("bgw:list; terminate --wait 10s 'SP")).containsExactly("SPI worker 1", "crawl");
        assertThat(complete("libs ")).isEmpty();
    }

    @Test
    void optionsAreThoseOfTheUsage() {
        assertThat(complete("bgw:pause --")).containsExactlyInAnyOrder("--reason", "--wait", "--slot", "--all");
        assertThat(complete("register --bac")).contains("--backoff.factor", "--bgw_library_name", "--limit.window");
        assertThat(complete("bgw:shmem --")).containsExactly("--json");
    }

    @Test
    void whatIsNotOursIsGogos() {
        assertThat(complete("bgw:sh")).containsExactly("of Gogo");
        assertThat(complete("felix:start ")).containsExactly("of Gogo");
        assertThat(complete("")).containsExactly("of Gogo");
    }
}
