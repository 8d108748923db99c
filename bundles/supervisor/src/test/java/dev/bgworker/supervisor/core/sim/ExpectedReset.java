package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.WorkerEvent.Kind;
import dev.bgworker.supervisor.core.sim.Expected.Told;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The part of the model that a crash moves: R37, R53 to R57, R86. */
final class ExpectedReset {

    private final Model model;
    private final Map<Long, Long> givenUp = new TreeMap<>();
    final ExpectedMemory memory = new ExpectedMemory();
    private long epoch;
    private boolean resetting;
    /** Since the reset began: asked for the rebuilding, or for the end of the host. */
    private boolean rebuilding;
    private boolean rebuildFailed;
    private boolean crashInShutdown;

    ExpectedReset(Model model) { this.model = model; }

    boolean under() { return resetting; }

    /** A crash while the host went down, or one that its end came too early to mend. */
    boolean spoilsTheEnd() {
        return crashInShutdown || resetting;
    }

    /** All of the old epoch are gone, and nobody has asked for the new one yet. */
    boolean rebuildDue() {
        return resetting && !rebuilding && !model.server.stopping()
                && model.workers.values().stream().noneMatch(each -> each.running && each.runShmem);
    }

    void rebuildAsked() {
        rebuilding = true;
        rebuildFailed = false;
    }

    /** The answer that ends the loop. */
    boolean rebuildFailed() { return rebuildFailed; }

    void rebuildFails() { rebuildFailed = true; }

    long epoch() { return epoch; }

    /** A run that may turn out to have held shared state, whatever becomes of thread and registration until then. */
    void abandoned(Expected worker) {
        if (worker.runShmem) {
            givenUp.put(worker.pid, worker.runEpoch);
        }
    }

    void heldSharedState(long pid) {
        Long began = givenUp.remove(pid);
        if (began != null) {
            crashed(began);
        }
    }

    /** Nobody is stopped for that one. */
    void contained(long pid) { givenUp.remove(pid); }

    /** It was given up, and what it has is not known yet. */
    boolean undecided(long pid) { return givenUp.containsKey(pid); }

    /** That run is over or given up and was a crash. */
    void crashed(Expected worker) {
        if (worker.runShmem) { // R3a
            worker.running = false;
            crashed(worker.runEpoch);
        }
    }

    private void crashed(long began) {
        if (resetting || began != epoch) {
            return; // R53
        }
        resetting = true;
        rebuilding = false;
        crashInShutdown |= model.server.stopping();
        for (Expected each : model.workers.values()) {
            if (each.running && each.runShmem) {
                model.tellToGo(each, Told.CRASH, Model.QUIT_TIMEOUT);
            }
        }
    }

    void rebuilt(long next) {
        List<Expected> waited = model.workers.values().stream()
                .filter(each -> !each.running && !each.abandoned && !each.paused && !each.failed)
                .filter(each -> each.inBackoff() ? each.shmem() : !model.waitsForLibrary(each)).toList();
        resetting = false;
        epoch = next;
        memory.rebuilt();
        waited.forEach(each -> ExpectedDelay.atOnce(each, model.now)); // R55
        for (Expected each : List.copyOf(model.workers.values())) {
            if (each.shmem() && each.definition.restart().never() && each.holdsSlot && !each.running) {
                model.drop(each, Kind.FORGOTTEN); // R54
            }
        }
    }
}
