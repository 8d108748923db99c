package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.Latch;
import dev.bgworker.supervisor.core.Action;
import dev.bgworker.supervisor.core.Exit;
import dev.bgworker.supervisor.core.StopLadder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Worker threads and the ladder: they start, run, fail, heed what they are told or do not, and end at some time. */
final class PlayedThreads {

    static final ErrorData FAILURE = ErrorData.errcode("XX000", "boom");
    /** Of a worker that was sent QUIT. */
    private static final int QUIT_STATUS = 2;
    private static final Duration SOON = Duration.ofMillis(20);

    private final VirtualLoop loop;
    private final Dice dice;
    private final Map<Long, PlayedThread> alive = new TreeMap<>();
    final PlayedMemory memory;
    private boolean calm;

    PlayedThreads(VirtualLoop loop) {
        this.loop = loop;
        this.dice = loop.dice;
        this.memory = new PlayedMemory(loop, alive, this);
    }

    void launch(Action.Launch launch) {
        PlayedThread thread = new PlayedThread(launch.pid(), launch.details().definition().name(),
                launch.details().definition().flags().contains(Flag.SHMEM_ACCESS), loop.model.reset.epoch(), dice,
                loop.chances);
        alive.put(thread.pid, thread);
        if (dice.chance(loop.chances.launchFails())) {
            after(dice.upTo(SOON), thread, () -> launchFails(thread));
            return;
        }
        long pid = thread.pid;
        loop.agenda.after(dice.upTo(SOON), () -> loop.step("launched " + pid, () -> loop.model.runs.launched(pid),
                () -> loop.supervision.launched(pid)));
        Duration begins = dice.chance(loop.chances.slow()) ? dice.upTo(Duration.ofSeconds(40)) : dice.upTo(SOON);
        after(begins, thread, () -> enters(thread));
        if (dice.chance(loop.chances.exit())) {
            Duration ends = dice.upTo(dice.one(SOON, Duration.ofSeconds(2), Duration.ofSeconds(60)));
            after(ends, thread, () -> {
                if (!calm) {
                    exitsUnlessItWaits(thread, status());
                }
            });
        }
    }

    private void exitsUnlessItWaits(PlayedThread thread, int status) {
        if (memory.waits(thread)) {
            thread.leavesWith = status;
        } else {
            exits(thread, status);
        }
    }

    void after(Duration delay, PlayedThread thread, Runnable what) {
        loop.agenda.after(delay, () -> {
            if (!thread.ended) {
                what.run();
            }
        });
    }

    private void launchFails(PlayedThread thread) {
        if (calm) {
            enters(thread);
            return;
        }
        over(thread, false);
        loop.step("launch of " + thread.pid + " fails", () -> loop.model.runs.launchFailed(thread.pid),
                () -> loop.supervision.launchFailed(thread.pid, FAILURE));
    }

    private void enters(PlayedThread thread) {
        loop.step("entered " + thread.pid, () -> loop.model.runs.entered(thread.pid),
                () -> loop.supervision.entered(thread.pid));
        if (calm || dice.chance(0.5)) {
            after(dice.upTo(dice.one(SOON, Duration.ofSeconds(5))), thread, () -> ready(thread));
        }
        memory.begins(thread);
    }

    private void ready(PlayedThread thread) {
        if (!thread.givenUp) { // fenced: its word would not be taken
            loop.step("ready " + thread.pid, () -> loop.model.runs.ready(thread.pid),
                    () -> loop.supervision.reportedReady(thread.pid));
        }
    }

    private int status() { return dice.chance(loop.chances.crash()) ? dice.one(2, 3, -1, 137) : dice.one(0, 1, 1, 1); }

    private void exits(PlayedThread thread, int status) {
        over(thread, status != 0 && status != 1);
        Exit exit = new Exit(status, status == 0 ? Optional.empty() : Optional.of(FAILURE));
        loop.step("exited " + thread.pid + " (" + thread.name + ") with " + status,
                () -> loop.model.runs.exited(thread.pid, status), () -> loop.supervision.exited(thread.pid, exit));
    }

    private void over(PlayedThread thread, boolean crash) {
        thread.ended = true;
        alive.remove(thread.pid);
        memory.ended(thread, crash);
    }

    /** TERM or QUIT, and the ladder from here; of two deadlines the earlier one counts. */
    void signal(long pid, Duration deadline, boolean quit) {
        PlayedThread thread = alive.get(pid);
        if (thread == null) {
            return;
        }
        if (quit ? calm || thread.heedsQuit || memory.waits(thread) : calm || thread.heedsTerm) {
            hears(thread, quit);
        }
        Duration left = thread.since == null ? Latch.FOREVER : left(thread);
        if (thread.since == null || deadline.compareTo(left) < 0) {
            thread.since = loop.now();
            thread.deadline = deadline;
            climb(thread, ++thread.climb);
        }
    }

    private void hears(PlayedThread thread, boolean quit) {
        int status = quit ? QUIT_STATUS : status();
        if (!quit && thread.lock >= 0) {
            thread.leavesWith = status; // interrupts are held
        } else {
            goes(thread, status);
        }
    }

    private Duration left(PlayedThread thread) { return thread.deadline.minus(Duration.between(thread.since, loop.now())); }

    void goes(PlayedThread thread, int status) {
        after(dice.upTo(dice.one(Duration.ZERO, SOON, Duration.ofSeconds(2))), thread, () -> exits(thread, status));
    }

    /** As Ladders, but for the repetitions of one step, which would change nothing here. */
    private void climb(PlayedThread thread, int number) {
        if (thread.climb != number || thread.givenUp) {
            return;
        }
        Duration deadline = thread.deadline;
        switch (StopLadder.at(Duration.between(thread.since, loop.now()), deadline)) {
            case PATIENCE -> StopLadder.next(Duration.between(thread.since, loop.now()), deadline)
                    .ifPresent(wait -> after(wait, thread, () -> climb(thread, number)));
            case CANCEL -> {
                if (thread.heedsCancel && thread.lock < 0) {
                    goes(thread, status());
                }
                after(left(thread).minus(deadline.dividedBy(2)), thread, () -> climb(thread, number));
            }
            case ABORT -> after(left(thread), thread, () -> climb(thread, number));
            case ABANDON -> givesUp(thread);
        }
    }

    private void givesUp(PlayedThread thread) {
        thread.givenUp = true;
        loop.agenda.after(Duration.ZERO, () -> {
            if (thread.ended) {
                return; // it has left the table, and its exit was told
            }
            loop.step("abandoned " + thread.pid, () -> loop.model.runs.abandoned(thread.pid),
                    () -> loop.supervision.abandoned(thread.pid, "did not go"));
            // found out by what fences it, on a thread of its own
            loop.agenda.after(dice.upTo(dice.one(Duration.ZERO, Duration.ofSeconds(5))), () -> fenced(thread));
        });
        if (calm || dice.chance(loop.chances.endsAfterAll())) {
            after(dice.upTo(Duration.ofSeconds(90)), thread, () -> exits(thread, status()));
        }
    }

    private void fenced(PlayedThread thread) {
        if (thread.critical || memory.fenced(thread)) {
            loop.step("held shared state " + thread.pid, () -> loop.model.reset.heldSharedState(thread.pid),
                    () -> loop.supervision.heldSharedState(thread.pid, "an LWLock"));
        } else {
            loop.step("contained " + thread.pid, () -> loop.model.reset.contained(thread.pid),
                    () -> loop.supervision.contained(thread.pid));
        }
    }

    /** From now on all heed what they are told; who was told goes. */
    void heal() {
        calm = true;
        memory.heal(alive.values());
        for (PlayedThread each : List.copyOf(alive.values())) {
            if (each.since != null && each.lock >= 0 && !each.givenUp) {
                each.leavesWith = status();
            } else if (each.since != null) {
                goes(each, status());
            }
        }
    }
}
