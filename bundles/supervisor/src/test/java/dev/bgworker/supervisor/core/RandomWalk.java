package dev.bgworker.supervisor.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkers.NoWorkerSlotException;
import dev.bgworker.api.control.Datum;
import dev.bgworker.api.control.RestartPolicy;
import dev.bgworker.api.control.Server.State;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** One random schedule of events, with what must hold after each. Threads are played: each launch is a run until it exits. */
final class RandomWalk {

    private static final int SLOTS = 5;
    private static final List<String> LIBRARIES = List.of("l1", "l2", "l3");

    private final Random random;
    private final VirtualHost host = new VirtualHost(VirtualHost.limits(SLOTS, 2));
    /** Threads that live, by pid; those given up among them. */
    private final Map<Long, Registration> runs = new HashMap<>();
    private final Set<Long> givenUp = new HashSet<>();
    private final Set<Long> told = new HashSet<>();
    private final Set<Long> everSeen = new HashSet<>();
    private final Map<Registration, WorkerDetails> published = new HashMap<>();
    private int limit = SLOTS;
    private boolean allGone;

    RandomWalk(long seed) { this.random = new Random(seed); }

    void run(int steps) {
        host.supervision.serverState(State.CONSISTENT);
        for (int i = 0; i < steps; i++) {
            step(i > steps / 20);
            carryOut();
            check();
        }
        heal();
    }

    private void step(boolean up) {
        if (up && host.supervision.state() == State.CONSISTENT) {
            host.supervision.serverState(State.RECOVERY_FINISHED);
        }
        switch (random.nextInt(16)) {
            case 0, 1 -> register();
            case 2, 3, 4 -> anyRun().ifPresent(this::exit);
            case 5 -> anyRun().ifPresent(host.supervision::entered);
            case 6 -> anyRun().ifPresent(host.supervision::reportedReady);
            case 7 -> anyRun().filter(told::contains).filter(givenUp::add)
                    .ifPresent(pid -> host.supervision.abandoned(pid, "did not go"));
            case 8 -> anyPublished().ifPresent(worker -> host.supervision.terminate(worker, null));
            case 9 -> host.statics.libraryGoes(library(), random.nextBoolean());
            case 10, 11 -> host.statics.libraryCurrent(library(), "1", definitions(), unsatisfied());
            case 12 -> host.statics.componentsChanged(library(), unsatisfied());
            case 13 -> file();
            case 14 -> {
                limit = 1 + random.nextInt(SLOTS);
                host.supervision.settings(VirtualHost.limits(limit, 2));
            }
            default -> host.after(Duration.ofMillis(random.nextInt(8000)));
        }
        if (random.nextInt(50) == 0) {
            host.supervision.ownerGone("owner");
        }
    }

    private void register() {
        try {
            host.supervision.register(definition(), "owner");
        } catch (NoWorkerSlotException e) {
            assertThat(e.inUse()).isGreaterThanOrEqualTo(limit);
        } catch (ErrorException e) {
            throw new AssertionError(e.data().toString(), e);
        }
    }

    private void exit(long pid) {
        runs.remove(pid);
        if (random.nextInt(8) == 0 && !givenUp.contains(pid)) {
            host.supervision.launchFailed(pid, VirtualHost.FAILURE);
        } else {
            int status = random.nextInt(3);
            host.supervision.exited(pid, new Exit(status, Optional.empty()));
        }
    }

    private void file() {
        String name = "f" + random.nextInt(2);
        switch (random.nextInt(4)) {
            case 0 -> host.statics.fileRemoved(name, name + ".cfg");
            case 1 -> host.statics.fileRefused(name, definition(), name + ".cfg", VirtualHost.FAILURE);
            default -> host.statics.fileRegisters(name, definition(), name + ".cfg");
        }
    }

    private BackgroundWorker definition() {
        return BackgroundWorker.builder("w" + random.nextInt(4), library(), "main").mainArg(Datum.of(random.nextInt(2)))
                .restart(random.nextInt(4) == 0
                        ? RestartPolicy.NEVER
                        : RestartPolicy.after(Duration.ofSeconds(random.nextInt(4))))
                .build();
    }

    private List<BackgroundWorker> definitions() {
        List<BackgroundWorker> some = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            some.add(definition());
        }
        return some;
    }

    private Map<String, String> unsatisfied() { return random.nextInt(4) == 0 ? Map.of("main", "waits") : Map.of(); }

    private String library() { return LIBRARIES.get(random.nextInt(LIBRARIES.size())); }

    private Optional<Long> anyRun() { return any(List.copyOf(runs.keySet())); }

    private Optional<Registration> anyPublished() { return any(List.copyOf(published.keySet())); }

    private <T> Optional<T> any(List<T> all) {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private void carryOut() {
        for (Action action : host.actions()) {
            if (action instanceof Action.Launch launch) {
                assertThat(launch.details().pid()).isEqualTo(launch.pid());
                assertThat(everSeen.add(launch.pid())).as("pid %d is new", launch.pid()).isTrue();
                assertThat(runs.entrySet()).as("live runs of %s", launch.details())
                        .noneMatch(each -> each.getValue() == launch.worker());
                runs.put(launch.pid(), launch.worker());
            } else if (action instanceof Action.Stop stop) {
                told.add(stop.pid());
            } else if (action instanceof Action.Publish publish) {
                published.put(publish.worker(), publish.details());
                published.values().removeIf(each -> each.state() == WorkerDetails.State.STOPPED);
            } else if (action instanceof Action.AllGone) {
                allGone = true;
            }
        }
    }

    private void check() {
        List<WorkerDetails> registered = host.supervision.registered();
        List<Integer> slots = registered.stream().map(WorkerDetails::slot).filter(slot -> slot >= 0).toList();
        assertThat(slots).as("slots").doesNotHaveDuplicates().hasSize(host.supervision.slotsInUse());
        assertThat(published.values()).as("what is shown").containsExactlyInAnyOrderElementsOf(registered);
        List<Long> pids = registered.stream().map(WorkerDetails::pid).filter(pid -> pid != 0).toList();
        assertThat(pids).as("pids").doesNotHaveDuplicates();
        assertThat(runs.keySet()).as("live threads").containsAll(pids);
        for (Map.Entry<Long, Registration> run : runs.entrySet()) {
            if (!givenUp.contains(run.getKey())) {
                assertThat(pids).as("a run that was not given up is known").contains(run.getKey());
                assertThat(run.getValue().hasRun()).isTrue();
            }
        }
        for (WorkerDetails each : registered) {
            assertThat(each.restarts()).isNotNegative();
            assertThat(each.slot() < 0).as("%s", each)
                    .isEqualTo(each.state() == WorkerDetails.State.WAITING && each.reason().contains("slots are in use"));
        }
    }

    /** Time passes, the host goes down, every thread ends: nothing is left. */
    private void heal() {
        host.after(Duration.ofDays(1));
        carryOut();
        host.supervision.serverState(State.FAST_SHUTDOWN);
        carryOut();
        check();
        assertThat(told).as("all that run were told to go").containsAll(runs.keySet());
        for (Long pid : List.copyOf(runs.keySet())) {
            host.supervision.exited(pid, Exit.DONE);
            runs.remove(pid);
            carryOut();
            check();
        }
        assertThat(host.supervision.registered()).isEmpty();
        assertThat(host.supervision.slotsInUse()).isZero();
        assertThat(host.supervision.nextWake().filter(when -> when.equals(host.now))).isEmpty();
        assertThat(allGone).as("AllGone was told").isTrue();
    }
}
