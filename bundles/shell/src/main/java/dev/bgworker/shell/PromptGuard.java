package dev.bgworker.shell;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.reader.Widget;
import org.jline.reader.impl.LineReaderImpl;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the prompt alive: a key that fails rings the bell and goes to the log, where Gogo would end its session.
 *
 * <p>The shell's profile registers the line reader before it reads, so this is in place at the first key.
 */
@Component(service = {})
public final class PromptGuard {

    private static final Logger LOG = LoggerFactory.getLogger(PromptGuard.class);

    private record Before(LineReader reader, Parser parser, Map<String, Widget> widgets) {}

    private final List<Before> guarded;

    /** Any number, made anew as they come and go: a requirement of one would keep the bundle from hosts without a prompt. */
    @Activate
    public PromptGuard(
            @Reference(cardinality = MULTIPLE, policyOption = GREEDY) List<LineReader> readers) {
        guarded = readers.stream().map(PromptGuard::guard).toList();
    }

    /** A reader outlives this bundle when that is updated. */
    @Deactivate
    void restore() {
        guarded.forEach(before -> {
            before.reader().getWidgets().putAll(before.widgets());
            parse(before.reader(), before.parser());
        });
    }

    private static Before guard(LineReader reader) {
        Before before = new Before(reader, reader.getParser(), new HashMap<>(reader.getWidgets()));
        reader.getWidgets().replaceAll(PromptGuard::guarded);
        parse(reader, new CompletionParser(reader.getParser()));
        return before;
    }

    private static void parse(LineReader reader, Parser parser) {
        if (reader instanceof LineReaderImpl changeable) {
            changeable.setParser(parser);
        }
    }

    private static Widget guarded(String name, Widget widget) {
        return () -> {
            try {
                return widget.apply();
            } catch (UserInterruptException | EndOfFileException told) {
                throw told;
            } catch (RuntimeException failed) {
                LOG.warn("{} failed at the prompt", name, failed);
                return false;
            }
        };
    }
}
