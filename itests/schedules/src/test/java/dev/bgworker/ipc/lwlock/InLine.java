package dev.bgworker.ipc.lwlock;

import dev.bgworker.api.host.ProcArray;
import dev.bgworker.api.ipc.LWLock;
import java.util.List;

/** Who waits for a lock, oldest first. */
public record InLine(ProcArray.Entry proc, boolean exclusive) {

    public static List<InLine> of(LWLock lock) {
        return ((OwnLWLock) lock).waiters().waiting().stream().map(each -> new InLine(each.proc, each.exclusive)).toList();
    }
}
