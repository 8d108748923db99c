package dev.bgworker.toolkit;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import java.time.Duration;

/**
 * What a {@link WorkerSet} knows of one key ({@code LogicalRepWorker}): data alone. Times are counted from the making of the
 * set. All mutable fields are written by the owner's thread.
 */
final class Child<K> {

    final K key;
    /** The keep that wanted it last. */
    private long wantedIn;
    private long round;
    /** Out by {@link WorkerSet#stop(Object, Duration)} until a keep does not want it. */
    boolean heldOut;
    /** Nobody wanted it meanwhile: as far as the key is concerned its registration is another one's. */
    boolean dropped;
    /** What its key is to run now; null as long as the author's function gave none. */
    BackgroundWorker definition;
    /** The author's function throws for it: it is neither launched nor replaced. */
    boolean undefined;
    /** It cannot be registered as it is defined, which only another definition changes. */
    boolean invalid;
    /** What the log was told last about why it is not launched. */
    String complaint = "";
    /** Its registration, which decisions do not look into; null when there is none. */
    Registered<K> registered;
    /** How its last registration ended; null as long as none did. */
    WorkerDetails last;
    /** What its registration was made from. */
    BackgroundWorker running;
    /** STOPPED when there is no registration. */
    State state = State.STOPPED;
    boolean ready;
    /** Whether it is one that calls {@code ready} at all; taken for granted until it did not for long. */
    boolean saysReady = true;
    /** Its registration is over, and nothing was heard of that yet. */
    boolean gone;
    /** The set has told it to end. */
    boolean told;
    /** Name of the sibling whose death it shares; empty for none. */
    String restartsFor = "";
    /** It died, and comes back by its own policy, which knows nothing of its place in the order. */
    boolean comesBack;
    /** Its last run was done, with status 0. */
    boolean done;
    /** Its last start, null before the first. */
    Duration startedAt;
    /** Of its registration. */
    long restarts;
    /** It is not launched before. */
    Duration notBefore = Duration.ZERO;

    Child(K key) { this.key = key; }

    /** False when this keep wants it already. */
    boolean want(long keep) {
        boolean first = wantedIn != keep;
        wantedIn = keep;
        return first;
    }

    void look(long keep) {
        round = keep;
        heldOut &= wantedIn == keep;
        dropped |= wantedIn != keep;
    }

    boolean isWantedIn(long keep) { return wantedIn == keep; }

    boolean wanted() { return wantedIn == round && !heldOut; }

    boolean isRegistered() { return state != State.STOPPED; }

    /** Left alone by the set: somebody else, or its own policy, has decided that it does not run. */
    boolean parked() {
        return state == State.PAUSED || state == State.FAILED;
    }

    boolean live() { return state == State.STARTING || state == State.RUNNING; }

    /** Its definition was changed since. */
    boolean outdated() {
        return isRegistered() && definition != running && !running.equals(definition);
    }

    /** Its turn to go has come for that reason; what somebody paused is left alone until it is resumed. */
    boolean replaced() {
        return state != State.PAUSED && !undefined && outdated();
    }

    boolean launchable(Duration now) {
        return wanted() && !isRegistered() && !invalid && !undefined && now.compareTo(notBefore) >= 0;
    }

    /** Whether it is on its way, so that who comes after it in the order waits. What only others can move is not. */
    boolean holdsUp(Duration now, Duration patience) {
        if (told || replaced()) {
            return true;
        }
        return switch (state) {
            case STOPPED -> !invalid && !undefined && !done;
            case STARTING, RUNNING -> !ready && saysReady && now.compareTo(startedAt.plus(patience)) < 0;
            case STOPPING, BACKOFF, ABANDONED -> true;
            case WAITING, PAUSED, FAILED, INVALID -> false;
        };
    }

    void register(Registered<K> as, Duration now) {
        registered = as;
        running = definition;
        State first = as.handle.details().state(); // the library may be away
        gone = first == State.STOPPED;
        state = gone ? State.STOPPING : first;
        ready = false;
        told = false;
        restartsFor = "";
        comesBack = false;
        complaint = "";
        startedAt = now;
        restarts = 0;
    }

    /** Its registration is over. What the set ended itself comes back at once, all else once per retry interval (R237). */
    void left(WorkerDetails last, Duration now, Duration retryInterval) {
        notBefore = told || dropped || outdated() ? now : startedAt.plus(retryInterval);
        done = !told && !dropped && last.exitStatus() == 0;
        dropped = false;
        registered = null;
        running = null;
        state = State.STOPPED;
        ready = false;
        told = false;
        restartsFor = "";
        comesBack = false;
        this.last = last;
    }

    /** When there is something to do for it that no event tells of; null for never. */
    Duration next(Duration now, Duration retryInterval, Refusals<K> refusals, boolean ordered) {
        if (registered == null) {
            if (!wanted() || invalid) {
                return null;
            }
            if (undefined) {
                return now.plus(retryInterval);
            }
            Duration slot = refusals.until(this);
            return slot.compareTo(notBefore) > 0 ? slot : notBefore;
        }
        Duration unheard = registered.patienceEnds(retryInterval);
        if (unheard != null || state == State.ABANDONED) {
            return unheard == null ? now.plus(retryInterval) : unheard;
        }
        return ordered && live() && !ready && saysReady ? startedAt.plus(retryInterval) : null;
    }

    @Override
    public String toString() { return definition == null ? String.valueOf(key) : definition.name(); }
}
