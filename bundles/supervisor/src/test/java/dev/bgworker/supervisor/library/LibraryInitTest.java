package dev.bgworker.supervisor.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.Library;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.ipc.SharedMemory;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.FatalError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LibraryInitTest {

    private final List<String> requested = new ArrayList<>();
    private final Library.Init sharedMemory = new Library.Init() {

        @Override
        public void registerBackgroundWorker(BackgroundWorker worker) {}

        @Override
        public void requestShmem(String name, long size) { requested.add(name); }

        @Override
        public void requestLWLocks(String tranche, int count) { requested.add(tranche); }

        @Override
        public void onShmemStartup(Consumer<SharedMemory> hook) { requested.add("hook"); }
    };
    private final LibraryInit loading = new LibraryInit("shop", Optional.of(sharedMemory));

    private static void assertFatal(ThrowingCallable request) {
        FatalError raised = catchThrowableOfType(FatalError.class, request);
        assertThat(raised.data().sqlState()).isEqualTo("55000");
        assertThat(raised.data().message()).contains("\"shop\"");
    }

    @Test
    @Tag("R131")
    void requestsForSharedMemoryAreTakenWhileInitRunsAndFatalAfterwards() {
        loading.requestShmem("area", 64);
        loading.requestLWLocks("locks", 2);
        loading.onShmemStartup(memory -> {});
        loading.done();
        assertFatal(() -> loading.requestShmem("late", 64));
        assertFatal(() -> loading.requestLWLocks("late", 1));
        assertFatal(() -> loading.onShmemStartup(memory -> {}));
        assertThat(requested).containsExactly("area", "locks", "hook");
    }

    @Test
    void requestsWithoutAProviderNameTheMissingBundle() {
        LibraryInit alone = new LibraryInit("shop", Optional.empty());
        ErrorException raised = catchThrowableOfType(ErrorException.class, () -> alone.requestShmem("area", 64));
        assertThat(raised.data().sqlState()).isEqualTo("55000");
        assertThat(raised.data().hint()).contains("dev.bgworker.ipc");
    }
}
