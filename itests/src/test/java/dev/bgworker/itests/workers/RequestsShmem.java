package dev.bgworker.itests.workers;

import dev.bgworker.api.Library;
import dev.bgworker.api.ipc.Area;
import org.osgi.framework.FrameworkUtil;

/** Requests an area and a tranche of two locks under the name of its bundle; its startup hook leaves a mark in the area. */
public final class RequestsShmem implements Library {

    /** Of the area that it requests: a counter, and what the hook adds to. */
    public static final long SIZE = 16;
    public static final long COUNTER = 0;
    public static final long HOOK = 8;

    @Override
    public void init(Init loading) {
        String name = FrameworkUtil.getBundle(RequestsShmem.class).getSymbolicName();
        loading.requestShmem(name, SIZE);
        loading.requestLWLocks(name, 2);
        loading.onShmemStartup(memory -> {
            Area area = memory.initStruct(name, SIZE);
            area.set(HOOK, area.get(HOOK) + 1 + 100 * memory.epoch());
        });
    }
}
