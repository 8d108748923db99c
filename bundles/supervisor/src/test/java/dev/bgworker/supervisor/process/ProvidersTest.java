package dev.bgworker.supervisor.process;

import static dev.bgworker.supervisor.process.Processes.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.Server.ShmemRow;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProvidersTest {

    private final Processes processes = new Processes();
    private final RecordingProvider provider = new RecordingProvider();

    @AfterEach
    void close() { processes.close(); }

    private String attach(BgProc proc) { return processes.providers.attach(String.class, proc, "how", "some.bundle"); }

    @Test
    void aProviderThatGoesTakesBackWhatItGave() {
        processes.providers.add(provider);
        BgProc proc = processes.backend();
        attach(proc);

        processes.providers.remove(provider);
        processes.providers.remove(provider);

        assertThat(provider.trace).containsExactly("attach how", "abort", "fence");
        assertThat(error(() -> attach(proc)).sqlState()).isEqualTo("55000");
    }

    @Test
    void aProviderThatGoesHasNothingToTakeFromWhoHasEnded() {
        processes.providers.add(provider);
        BgProc proc = processes.backend();
        attach(proc);
        processes.table.end(proc);

        processes.providers.remove(provider);

        assertThat(provider.trace).containsExactly("attach how");
    }

    @Test
    void aSecondProviderOfATypeIsRefusedAndToldOf() {
        RecordingProvider second = new RecordingProvider();
        try (Log log = new Log()) {
            processes.providers.add(provider);
            processes.providers.add(provider);
            processes.providers.add(second);
            processes.providers.remove(second);

            assertThat(log.text()).contains("is not used", "provides String already");
        }
        attach(processes.backend());
        assertThat(provider.trace).containsExactly("attach how");
        assertThat(second.trace).isEmpty();
    }

    @Test
    void oneThatFailsToListKeepsNoneFromBeingListed() {
        ShmemRow row = new ShmemRow("area", "counters", 64, "requested");
        processes.providers.add(new StandInSpi(() -> {}) {
            @Override
            public List<ShmemRow> shmem() { throw new IllegalStateException("cannot be listed"); }
        });
        processes.providers.add(new RecordingProvider() {
            @Override
            public List<ShmemRow> shmem() { return List.of(row); }
        });
        try (Log log = new Log()) {
            assertThat(processes.providers.shmem()).containsExactly(row);
            assertThat(log.text()).contains("failed to list shared memory", "cannot be listed");
        }
    }
}
