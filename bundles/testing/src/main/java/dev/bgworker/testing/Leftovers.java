package dev.bgworker.testing;

import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.Server;
import dev.bgworker.api.control.WorkerDetails;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a test has left in its host, and the end of that. */
final class Leftovers {

    /** Longer than {@code bgw_stop_timeout}. */
    private static final Duration LADDER = Duration.ofSeconds(31);

    private Leftovers() {}

    /** Seen without waiting for anybody. */
    static List<String> of(TestHost host) {
        List<String> amiss = new ArrayList<>();
        host.supervisor().workers().stream().filter(each -> each.state() == WorkerDetails.State.ABANDONED)
                .forEach(each -> amiss.add("worker \"" + each.definition().name() + "\" is ABANDONED: " + each.reason()));
        host.supervisor().activity().stream()
                .filter(row -> row.xactStart() != null && "Extension".equals(row.waitEventType()))
                .forEach(row -> amiss.add("\"" + row.name() + "\" (PID " + row.pid() + ") waits in " + row.waitEvent()
                        + " inside a transaction that began at " + row.xactStart()));
        host.known().forEach(each -> amiss.addAll(each.leftovers()));
        host.stopped().ifPresent(why -> amiss.add("the host asked to be stopped: " + why));
        return amiss;
    }

    /** Ends them all, and the host; who does not go in the time that the host allows is named. */
    static List<String> end(TestHost host) {
        List<String> amiss = new ArrayList<>();
        List<BackgroundWorkerHandle> workers = host.workers().list();
        workers.forEach(each -> each.terminateWithin(LADDER.minusSeconds(1)));
        tell(amiss, host::settle);
        if (workers.stream().anyMatch(each -> each.details().pid() != 0)) {
            tell(amiss, () -> host.elapse(LADDER));
        }
        workers.stream().map(BackgroundWorkerHandle::details).filter(each -> each.state() == WorkerDetails.State.ABANDONED)
                .forEach(each -> amiss.add("worker \"" + each.definition().name() + "\" did not end: " + each.reason()));
        try {
            host.supervisor().shutdown(Server.State.FAST_SHUTDOWN, Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            amiss.add("interrupted while the host was shut down");
        }
        return amiss;
    }

    private static void tell(List<String> amiss, Runnable step) {
        try {
            step.run();
        } catch (AssertionError e) {
            amiss.add(e.getMessage());
        }
    }
}
