package dev.bgworker.itests.workers;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.process.Inbox;
import dev.bgworker.api.process.Latch;
import dev.bgworker.api.spi.ConnectTo;
import dev.bgworker.api.spi.Session.Notification;
import dev.bgworker.itests.rendezvous.Rendezvous;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Notes the payloads that it hears on the channel {@code orders}, all so far after each wake-up. */
public final class Listens implements WorkerMain {

    @Override
    public void main(WorkerContext worker) {
        worker.interrupts().unblock();
        Inbox<Notification> orders = worker.connect(ConnectTo.database("postgres")).listen("orders");
        List<String> heard = new ArrayList<>();
        worker.ready();
        while (true) {
            worker.latch().reset();
            worker.interrupts().check();
            for (Optional<Notification> next = orders.poll(); next.isPresent(); next = orders.poll()) {
                heard.add(next.get().payload());
            }
            Rendezvous.note("heard", String.join(" ", heard));
            worker.latch().await(Latch.FOREVER, "Listens");
        }
    }
}
