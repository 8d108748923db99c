package dev.bgworker.itests.workers;

import dev.bgworker.api.Library;
import dev.bgworker.itests.rendezvous.Rendezvous;
import org.osgi.framework.FrameworkUtil;

/** {@code _PG_init} that notes the thread it is called on. */
public final class NotesLoading implements Library {

    @Override
    public void init(Init loading) {
        Rendezvous.note("loading of " + FrameworkUtil.getBundle(NotesLoading.class).getSymbolicName(),
                Thread.currentThread().getName());
    }
}
