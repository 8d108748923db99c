package dev.bgworker.toolkit.pain;

import dev.bgworker.api.WorkerContext;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.PanicError;
import dev.bgworker.testing.BgworkerExtension;
import dev.bgworker.testing.TestHost;
import dev.bgworker.testing.TestWorker;
import dev.bgworker.toolkit.MainLoop;
import dev.bgworker.toolkit.Recovery;
import dev.bgworker.toolkit.WorkerSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static dev.bgworker.api.process.ErrorData.errcode;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

/** P22. A worker registers another one and waits for it; that one ends by an error. */
@ExtendWith(BgworkerExtension.class)
class WhatTheRegistrantGetsTest {

    private static final ErrorData CAUSE = errcode("23505", "duplicate key value violates unique constraint")
            .errdetail("Key (id)=(7) already exists.").errhint("Take another key.").errcontext("while importing line 12");
    private static final WorkerMain FAILS = worker -> {
        throw new ErrorException(CAUSE);
    };

    private final List<Object> told = new CopyOnWriteArrayList<>();

    private BackgroundWorkerHandle register(TestHost host, WorkerContext worker) {
        worker.interrupts().unblock();
        return host.workers().register(HandMadeLauncher.child("a").notifyPid(worker.pid()).build());
    }

    private void registrantOf(TestHost host, WorkerMain child, WorkerMain registrant) {
        host.function(TestHost.LIBRARY, "child", () -> child);
        TestWorker worker = host.start(
                BackgroundWorker.builder("registrant", TestHost.LIBRARY, "registrant").flags(Set.of()),
                () -> registrant);
        host.settle();
        worker.awaitExit();
    }

    /** As pg_background and {@code parallel.c} do when there is nothing in the queue: all that they know is STOPPED. */
    @Test
    @Tag("P22")
    void oldWayIsLostConnection(TestHost host) {
        registrantOf(host, FAILS, it -> {
            Status status = register(host, it).awaitShutdown(ofMinutes(1)).status();
            told.add(status == Status.STOPPED ? "lost connection to background worker" : "done");
        });

        assertThat(told).containsExactly("lost connection to background worker");
    }

    private Optional<ErrorData> toldOf(TestHost host, WorkerMain child) {
        registrantOf(host, child, it -> told.add(register(host, it).awaitShutdown(ofMinutes(1))));
        return ((WorkerDetails) told.get(0)).lastError();
    }

    @Test
    @Tag("P22")
    void handleHasWhatEndedTheLoop(TestHost host) {
        WorkerMain child = worker -> MainLoop.of(worker).recover(Recovery.DEFAULT.finalOn("23")).run(turn -> {
            throw new ErrorException(CAUSE);
        });

        assertThat(toldOf(host, child)).contains(CAUSE);
    }

    @Test
    @Tag("P22")
    void handleHasTheTextOfAPanic(TestHost host) {
        assertThat(toldOf(host, worker -> {
            throw new PanicError(CAUSE);
        })).contains(CAUSE);
    }

    @Test
    @Tag("P22")
    void setHearsWhichChildEndedByWhat(TestHost host) {
        host.function(TestHost.LIBRARY, "child", () -> FAILS);
        host.start(it -> {
            WorkerSet<String> set = WorkerSet.of(it, host.workers(), key -> HandMadeLauncher.child(key).build());
            set.onEvent((key, event) -> {
                if (event.kind() == WorkerEvent.Kind.EXITED) {
                    told.add(key + ": " + event.details().lastError().map(ErrorData::inWords).orElse("nothing"));
                }
            });
            MainLoop.of(it).run(turn -> set.keep(Set.of("a")));
        });
        host.settle();

        assertThat(told).containsExactly("a: " + CAUSE.inWords());
    }
}
