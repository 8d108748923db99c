package dev.bgworker.toolkit.sim;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.supervisor.core.Exit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Worker threads: they start, run, fail, heed what they are told or do not, and end at some time. */
final class VirtualThreads {

    private static final ErrorData FAILURE = ErrorData.errcode("XX000", "boom");
    private static final Duration SOON = Duration.ofMillis(20);

    private final VirtualHost host;
    private final Dice dice;
    private final Map<Long, VirtualThread> alive = new TreeMap<>();
    private final double fails;
    private final double crashes;
    private final double deaf;
    private final double slow;

    VirtualThreads(VirtualHost host) {
        this.host = host;
        this.dice = host.dice;
        fails = dice.share() * 0.6;
        crashes = dice.chance(0.5) ? 0 : 0.1 * dice.share();
        deaf = dice.chance(0.5) ? 0 : 0.3 * dice.share();
        slow = dice.chance(0.5) ? 0 : 0.5 * dice.share();
    }

    boolean alive(long pid) { return alive.containsKey(pid); }

    void launch(VirtualWorker worker, long pid) {
        VirtualThread thread = new VirtualThread(pid, worker, !dice.chance(deaf));
        worker.thread = thread;
        worker.startedAt = host.now();
        alive.put(pid, thread);
        if (!host.calm && dice.chance(fails * 0.1)) {
            after(dice.upTo(SOON), thread, () -> {
                over(thread);
                host.watch.ends(thread, 1, () -> host.step("launch of " + worker + " fails",
                        () -> host.supervision.launchFailed(pid, FAILURE)));
            });
            return;
        }
        host.agenda.after(dice.upTo(SOON),
                () -> host.step("launched " + worker, () -> host.supervision.launched(pid)));
        Duration begins = dice.chance(slow) ? dice.upTo(Duration.ofSeconds(40)) : dice.upTo(SOON);
        after(host.calm ? dice.upTo(SOON) : begins, thread, () -> enters(thread));
        if (!host.calm && dice.chance(fails)) {
            after(dice.upTo(dice.one(SOON, Duration.ofSeconds(2), Duration.ofSeconds(60))), thread, () -> {
                if (!host.calm) {
                    exits(thread, dice.chance(crashes) ? 2 : dice.one(0, 1, 1, 1));
                }
            });
        }
    }

    private void enters(VirtualThread thread) {
        if (host.libraryGone && !thread.worker.key.startsWith("f")) {
            exits(thread, 1);
            return;
        }
        host.step("entered " + thread.worker, () -> host.supervision.entered(thread.pid));
        if (Keys.saysReady(thread.worker.key)) {
            Duration in = dice.chance(slow) ? dice.upTo(Duration.ofSeconds(20)) : dice.upTo(Duration.ofSeconds(1));
            after(host.calm ? dice.upTo(SOON) : in, thread, () -> {
                if (!thread.givenUp) {
                    host.step("ready " + thread.worker, () -> host.supervision.reportedReady(thread.pid));
                }
            });
        }
    }

    void after(Duration delay, VirtualThread thread, Runnable what) {
        host.agenda.after(delay, () -> {
            if (!thread.ended) {
                what.run();
            }
        });
    }

    private void exits(VirtualThread thread, int status) {
        over(thread);
        Exit exit = new Exit(status, status == 0 ? Optional.empty() : Optional.of(FAILURE));
        host.watch.ends(thread, status, () -> host.step("exited " + thread.worker + " with " + status,
                () -> host.supervision.exited(thread.pid, exit)));
    }

    private void over(VirtualThread thread) {
        thread.ended = true;
        alive.remove(thread.pid);
    }

    void signal(long pid, Duration deadline, boolean quit) {
        VirtualThread thread = alive.get(pid);
        if (thread == null) {
            return;
        }
        thread.signalled = true;
        if (thread.heeds || host.calm) {
            goes(thread, quit);
        } else {
            after(deadline, thread, () -> givesUp(thread));
        }
    }

    private void goes(VirtualThread thread, boolean quit) {
        after(dice.upTo(dice.one(Duration.ZERO, SOON, Duration.ofSeconds(2))), thread,
                () -> exits(thread, quit ? 2 : dice.one(0, 1)));
    }

    private void givesUp(VirtualThread thread) {
        if (thread.givenUp) {
            return;
        }
        thread.givenUp = true;
        host.step("abandoned " + thread.worker, () -> {
            host.supervision.givingUp(thread.pid);
            host.supervision.abandoned(thread.pid, "did not go");
            host.supervision.contained(thread.pid);
        });
        if (dice.chance(0.5)) {
            after(dice.upTo(Duration.ofSeconds(90)), thread, () -> exits(thread, dice.one(0, 1)));
        }
    }

    /** From now on all heed what they are told; who was told goes. */
    void heal() {
        for (VirtualThread each : new ArrayList<>(alive.values())) {
            if (each.signalled && !each.givenUp) {
                goes(each, false);
            }
        }
    }
}
