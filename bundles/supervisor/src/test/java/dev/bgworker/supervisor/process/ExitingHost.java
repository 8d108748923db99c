package dev.bgworker.supervisor.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A JVM of its own, in which a worker calls {@code System.exit} and the shutdown looks for it, as a host's does. */
final class ExitingHost {

    private ExitingHost() {}

    public static void main(String[] args) {
        Processes processes = new Processes();
        Run run = new Run(processes);
        WorkerRun worker = run.make(context -> leave());
        StopSteps steps = new StopSteps(processes.table);
        Runtime.getRuntime().addShutdownHook(HostThreads.make("shutdown", () -> {
            Optional<String> place = steps.inSystemExit(run.pid);
            steps.push(run.pid);
            boolean interrupted = processes.table.proc(run.pid).orElseThrow().owner().isInterrupted();
            Runnable takeAway = steps.takeAway(run.pid, held -> say("held " + held));
            say(steps.fence(run.pid).orElse("gone"));
            takeAway.run();
            say(place.orElse("not found") + " interrupted " + interrupted + " " + run.trace);
        }));
        worker.start("1 sweeper");
        while (true) {
            LockSupport.park(); // the worker is a daemon, so this thread is what keeps the JVM
        }
    }

    private static void leave() { System.exit(7); }

    private static void say(String line) { new PrintStream(new FileOutputStream(FileDescriptor.out), true).println(line); }
}
