package dev.bgworker.shell;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import dev.bgworker.api.control.Server;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.impl.LineReaderImpl;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Gives the prompt a {@link CommandCompleter} as long as there is a server; apart from the guard, which is there without. */
@Component(service = {})
public final class PromptCompletion {

    private final Map<LineReaderImpl, Completer> before = new LinkedHashMap<>();

    @Activate
    public PromptCompletion(@Reference Server server,
            @Reference(cardinality = MULTIPLE, policyOption = GREEDY) List<LineReader> readers) {
        for (LineReader reader : readers) {
            if (reader instanceof LineReaderImpl changeable) {
                before.put(changeable, changeable.getCompleter());
                changeable.setCompleter(new CommandCompleter(changeable.getCompleter(), server));
            }
        }
    }

    /** A reader outlives this bundle when that is updated. */
    @Deactivate
    void restore() { before.forEach(LineReaderImpl::setCompleter); }
}
