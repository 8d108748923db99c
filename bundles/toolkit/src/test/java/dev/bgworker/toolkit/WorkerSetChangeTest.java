package dev.bgworker.toolkit;

import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.testing.TestHost;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/** A changed definition of a child that is not there, on the real supervisor. */
class WorkerSetChangeTest {

    private final TestHost host = TestHost.builder().withoutDatabase().start();

    @AfterEach
    void close() { host.close(); }

    @Test
    @Tag("R237")
    void changeEndsTheWaitOfAChildThatIsDone() {
        SetOwner owner = new SetOwner(host, Set.of(), set -> {});
        owner.start(RestartPolicy.after(ofSeconds(2)));
        host.settle();
        owner.mains.put("a", worker -> {});
        owner.wants("a");
        owner.mains.remove("a");
        owner.wants("a");
        assertThat(owner.children()).isEmpty();

        owner.versions.put("a", 1);
        owner.wants("a");

        assertThat(owner.children()).containsOnly(entry("a", State.RUNNING));
        assertThat(owner.child("a").definition().mainArg().asInt()).isEqualTo(1);
    }
}
