package dev.bgworker.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bgworker.api.Library;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.supervisor.process.RecordingProvider;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShmemRequestsTest {

    private final Host host = new Host();
    private final Memory first = new Memory();
    private final Memory second = new Memory();

    @AfterEach
    void close() throws InterruptedException { host.close(); }

    /** Writes down what it is asked for; refuses areas of no size. */
    private static final class Memory extends RecordingProvider {

        @Override
        public Optional<Library.Init> loading(String library) {
            return Optional.of(new Library.Init() {
                @Override
                public void registerBackgroundWorker(BackgroundWorker worker) { throw new AssertionError(worker); }

                @Override
                public void requestShmem(String name, long size) {
                    if (size == 0) {
                        throw new IllegalArgumentException(name);
                    }
                    trace.add(library + " " + name + " " + size);
                }

                @Override
                public void requestLWLocks(String tranche, int count) { trace.add(library + " " + tranche + " " + count); }

                @Override
                public void onShmemStartup(Consumer<SharedMemory> hook) { trace.add(library + " hook"); }
            });
        }

        @Override
        public void unloaded(String library) { trace.add("unloaded " + library); }
    }

    private Library.Init loading(String library) { return host.supervisor.providers().loading(library).orElseThrow(); }

    @Test
    @Tag("R130")
    void aProviderThatComesBackIsAskedWhatLoadedLibrariesAskedTheOneBefore() {
        host.supervisor.addProvider(first);
        host.up();
        Library.Init ape = loading("ape");
        ape.requestShmem("a", 8);
        assertThatThrownBy(() -> ape.requestShmem("refused", 0)).isInstanceOf(IllegalArgumentException.class);
        ape.requestLWLocks("locks", 2);
        loading("bee").onShmemStartup(memory -> {});
        loading("cat").requestShmem("c", 8);
        host.supervisor.providers().unloaded("cat");
        loading("dog").requestShmem("of its first version", 8);
        loading("dog").requestShmem("of its second version", 8);

        host.supervisor.providers().remove(first);
        host.supervisor.addProvider(second);

        assertThat(second.trace).containsExactly("ape a 8", "ape locks 2", "bee hook", "dog of its second version 8",
                "rebuild 0", "enter CONSISTENT", "enter RECOVERY_FINISHED");
        assertThat(first.trace).contains("unloaded cat");
    }
}
