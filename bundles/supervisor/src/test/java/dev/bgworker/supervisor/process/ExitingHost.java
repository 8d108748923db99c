package dev.bgworker.supervisor.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A JVM of its own, in which a worker calls {@code System.exit} and the shutdown looks for it, as a host's does. */
final class ExitingHost {

    private ExitingHost() {}

    public static void main(String[] args) throws InterruptedException {
        Processes processes = new Processes();
        Run run = new Run(processes);
        WorkerRun worker = run.make(context -> leave());
        StopSteps steps = new StopSteps(processes.table);
        Runtime.getRuntime().addShutdownHook(HostThreads.make("shutdown", () -> {
            Optional<String> place = steps.inSystemExit(run.pid);
            Runnable takeAway = steps.takeAway(run.pid, held -> say("held " + held));
            say(steps.fence(run.pid).orElseThrow());
            takeAway.run();
            say(place.orElse("not found") + " " + run.trace);
        }));
        worker.start("1 sweeper");
        new CountDownLatch(1).await();
    }

    private static void leave() { System.exit(7); }

    private static void say(String line) { new PrintStream(new FileOutputStream(FileDescriptor.out), true).println(line); }
}
