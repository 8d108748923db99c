package dev.bgworker.itests.workers;

import dev.bgworker.api.Library;
import dev.bgworker.itests.rendezvous.Rendezvous;
import java.time.Duration;

/** {@code _PG_init} that takes until the test opens the gate "let init end", and then notes that it is over. */
public final class SlowInit implements Library {

    @Override
    public void init(Init loading) {
        Rendezvous.note("init", "begun");
        try {
            Rendezvous.pass("let init end", Duration.ofMinutes(1));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Rendezvous.note("init", "over");
    }
}
