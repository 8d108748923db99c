package dev.bgworker.ipc.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.bgworker.api.Backend;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.IpcHost;
import dev.bgworker.ipc.dsm.Mappings;
import dev.bgworker.ipc.dsm.Segments;
import dev.bgworker.ipc.dsm.SharedSegment.Kind;
import dev.bgworker.ipc.memory.Epoch;
import dev.bgworker.ipc.memory.ProcMember;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OwnRegistryTest {

    private final IpcHost host = IpcHost.start();
    private final Epoch epoch = new Epoch(0);
    private final Segments segments = new Segments(epoch);
    private final Registry registry = new Registry();

    @AfterEach
    void stop() { host.close(); }

    /** One process, and what it has. */
    private record Own(ProcMember member, Mappings mappings, OwnRegistry registry) {

        boolean find(Runnable meanwhile) {
            return registry.find("x", Kind.SEGMENT, 64, () -> mappings.create(registry.processScope(), 64, Kind.SEGMENT),
                    made -> meanwhile.run()).found();
        }

        void loseMappings() {
            member.fence();
            mappings.fence();
        }
    }

    private Own own(Backend me) {
        ProcMember member = new ProcMember(host.entry(me), epoch);
        Mappings mappings = new Mappings(member, segments, block -> {});
        return new Own(member, mappings, new OwnRegistry(registry, mappings, host.supervisor().waitGraph()));
    }

    /** It would be ready for the whole epoch, and nobody could have it. */
    @Test
    @Tag("R174")
    void whatLostItsMappingWhileItWasInitialisedIsNotReady() {
        host.peer("given up").run(me -> {
            Own mine = own(me);
            assertThat(catchThrowableOfType(ErrorException.class, () -> mine.find(mine::loseMappings)).data().sqlState())
                    .isEqualTo("55000");
            return null;
        });
        assertThat(registry.ready()).containsOnly(entry("x", null));

        boolean found = host.peer("next").run(me -> own(me).find(() -> {}));
        assertThat(found).isFalse();
        boolean foundThen = host.peer("after it").run(me -> own(me).find(() -> {}));
        assertThat(foundThen).isTrue();
    }
}
