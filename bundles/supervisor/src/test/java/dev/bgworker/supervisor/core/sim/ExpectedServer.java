package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.Server.State;

/** Server state and start times: R34, R35, R36, R80, R84. */
final class ExpectedServer {

    private State state = State.STARTING;
    private State reached = State.STARTING;

    State state() { return state; }

    boolean stopping() { return state == State.FAST_SHUTDOWN || state == State.IMMEDIATE_SHUTDOWN; }

    /** False when it is further already (R84). */
    boolean advance(State next) {
        if (next.ordinal() < state.ordinal()) {
            return false;
        }
        state = next;
        if (next.ordinal() <= State.RECOVERY_FINISHED.ordinal()) {
            reached = next;
        }
        return true;
    }

    boolean allows(BackgroundWorker definition) {
        boolean started = switch (definition.startTime()) {
            case POSTMASTER_START -> true;
            case CONSISTENT_STATE -> reached != State.STARTING;
            case RECOVERY_FINISHED -> reached == State.RECOVERY_FINISHED;
        };
        return started && staysIn(definition);
    }

    boolean staysIn(BackgroundWorker definition) {
        return definition.runsIn().isEmpty() || definition.runsIn().contains(state);
    }
}
