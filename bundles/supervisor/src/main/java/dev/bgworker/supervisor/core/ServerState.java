package dev.bgworker.supervisor.core;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.Server.State;

/** How far the server is, and who may run then (R34, R36, R37). */
final class ServerState {

    private State state = State.STARTING;
    /** How far it came before any shutdown, which decides who may still start in a smart one. */
    private State reached = State.STARTING;
    private boolean resetting;
    private long epoch;

    State state() { return state; }

    /** False when it is further already: a start that is late changes nothing about a shutdown (R84). */
    boolean advance(State next) {
        if (next.compareTo(state) < 0) {
            return false;
        }
        state = next;
        reached = next.compareTo(State.RECOVERY_FINISHED) <= 0 ? next : reached;
        return true;
    }

    /** Fast or immediate shutdown: nothing starts any more. */
    boolean stopping() {
        return state.compareTo(State.SMART_SHUTDOWN) > 0;
    }

    /** Between a crash and the rebuilt shared memory. */
    boolean resetting() { return resetting; }

    void resetBegins() { resetting = true; }

    void resetEnds(long next) {
        resetting = false;
        epoch = next;
    }

    /** Counts the resets. */
    long epoch() { return epoch; }

    boolean mayRun(BackgroundWorker definition) {
        return reached.compareTo(needed(definition)) >= 0 && inItsStates(definition);
    }

    /** Whether the states that its definition allows, if it names any, contain the present one. */
    boolean inItsStates(BackgroundWorker definition) {
        return definition.runsIn().isEmpty() || definition.runsIn().contains(state);
    }

    private static State needed(BackgroundWorker definition) {
        return switch (definition.startTime()) {
            case POSTMASTER_START -> State.STARTING;
            case CONSISTENT_STATE -> State.CONSISTENT;
            case RECOVERY_FINISHED -> State.RECOVERY_FINISHED;
        };
    }

    String whyNot(BackgroundWorker definition) {
        return "server state is " + state + ", it " + (inItsStates(definition)
                ? "starts at " + definition.startTime()
                : "runs in " + definition.runsIn().stream().sorted().toList());
    }
}
