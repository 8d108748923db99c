package dev.bgworker.supervisor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RunGroupsTest {

    private final RunGroups groups = new RunGroups();

    private void aRunInWhichAWorker(Consumer<ThreadGroup> does) throws InterruptedException {
        ThreadGroup group = groups.take();
        Thread worker = HostThreads.make(group, "worker", () -> does.accept(Thread.currentThread().getThreadGroup()));
        worker.start();
        worker.join();
        groups.giveBack(group);
    }

    private void theNextOneRunsAsInANewOne() throws InterruptedException {
        int[] priority = {0};
        ThreadGroup group = groups.take();
        Thread next = HostThreads.make(group, "next",
                () -> priority[0] = Thread.currentThread().getThreadGroup().getMaxPriority());
        next.start();
        next.join();
        assertThat(priority[0]).isEqualTo(Thread.MAX_PRIORITY);
    }

    @Test
    void anEmptyGroupIsUsedAgain() throws Exception {
        ThreadGroup first = groups.take();
        groups.giveBack(first);

        assertThat(groups.take()).isSameAs(first);
    }

    @Test
    @SuppressWarnings("removal")
    void aGroupThatAWorkerHadDestroyedWithItsLastThreadIsNotUsedAgain() throws Exception {
        aRunInWhichAWorker(group -> group.setDaemon(true));

        theNextOneRunsAsInANewOne();
    }

    @Test
    void aGroupWhosePriorityAWorkerLoweredIsNotUsedAgain() throws Exception {
        aRunInWhichAWorker(group -> group.setMaxPriority(Thread.MIN_PRIORITY));

        theNextOneRunsAsInANewOne();
    }

    @Test
    void aGroupInWhichNoThreadCouldBeStartedIsNotTakenOnceMore() throws Exception {
        try (Processes processes = new Processes()) {
            RunGroups all = processes.table.groups();
            ThreadGroup bad = all.take();
            all.giveBack(bad);
            WorkerRun run = new Run(processes).make(worker -> {});

            assertThat(catchThrowable(() -> run.start(null))).isInstanceOf(NullPointerException.class);
            run.neverRan();

            assertThat(all.take()).isNotSameAs(bad);
        }
    }
}
