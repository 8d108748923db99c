package dev.bgworker.shell;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.CommandSessionListener;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Takes the last failure out of the prompts' {@code $exception} when this bundle goes: a prompt outlives it, and would keep
 * its classes. Called by any thread.
 */
@Component
public final class KeptFailures implements CommandSessionListener {

    private static final String EXCEPTION = "exception";

    private final Set<CommandSession> failed = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    @Override
    public void beforeExecute(CommandSession session, CharSequence command) {}

    /** Only then does the prompt keep it. */
    @Override
    public void afterExecute(CommandSession session, CharSequence command, Exception exception) { failed.add(session); }

    @Override
    public void afterExecute(CommandSession session, CharSequence command, Object result) {}

    @Deactivate
    void forget() {
        synchronized (failed) {
            failed.forEach(session -> session.put(EXCEPTION, null));
        }
    }
}
