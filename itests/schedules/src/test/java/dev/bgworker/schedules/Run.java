package dev.bgworker.schedules;

import dev.bgworker.schedules.Player.State;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** One schedule: one thread goes at a time, to its next point. Whoever has the turn. */
final class Run {

    private static final int MOST_STEPS = 20_000;
    private static final long TICK = 100;

    private static final class Monitor {
        private Player owner;
        private int entered;
    }

    private record Step(int player, String where) {}

    private final List<Player> players;
    private final Choices choices;
    private final boolean spurious;
    private final Runnable over;
    private final Map<Object, Monitor> monitors = new IdentityHashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Player> candidates = new ArrayList<>();
    private long now;
    private Throwable failure;

    /**
     * @param spurious whether a park may return for no reason, at a cost
     * @param over called when all are done
     */
    Run(List<Player> players, Choices choices, boolean spurious, Runnable over) {
        this.players = players;
        this.choices = choices;
        this.spurious = spurious;
        this.over = over;
    }

    /** The conductor's; the others go on by themselves. */
    void start() { choose(null, "the beginning").giveTurn(); }

    long now() { return now += TICK; }

    Throwable failure() { return failure; }

    void point(Player me, String where) {
        if (me.hurries && where.equals(me.spunOn)) {
            leaveIfFailed();
            return;
        }
        me.hurries = false;
        me.where = where;
        if (failure == null && steps.size() >= MOST_STEPS) {
            fail(new AssertionError("goes on for ever"));
        }
        letGo(me, where);
        steps.add(new Step(me.index, where));
    }

    private void letGo(Player me, String where) {
        leaveIfFailed();
        Player next = choose(me, where);
        if (next != me) {
            next.giveTurn();
            me.awaitTurn();
        }
        leaveIfFailed();
        me.state = State.READY;
    }

    private void leaveIfFailed() {
        if (failure != null) {
            throw new Unwinding();
        }
    }

    /** Who goes next; when nobody can, that is the failure, and the first that is left goes to leave. */
    private Player choose(Player me, String where) {
        candidates.clear();
        if (me != null && me.state != State.SPINNING && canGo(me)) {
            candidates.add(me);
        }
        boolean goesOn = !candidates.isEmpty();
        for (Player each : players) {
            if (each != me && canGo(each)) {
                candidates.add(each);
            }
        }
        if (candidates.isEmpty()) {
            players.stream().filter(each -> each.state == State.SPINNING).forEach(candidates::add);
        }
        if (candidates.isEmpty()) {
            fail(new AssertionError("nobody can go on"));
            return me != null && me.state != State.DONE ? me : left();
        }
        int free = goesOn ? 1 : candidates.size();
        if (spurious) {
            players.stream().filter(each -> each.state == State.PARKED && !each.permit).forEach(candidates::add);
        }
        return candidates.get(choices.pick(candidates.size(), free, where));
    }

    private boolean canGo(Player each) {
        return switch (each.state) {
            case READY -> true;
            case PARKED -> each.permit;
            case SHUT_OUT -> free(each, each.monitor);
            case SPINNING -> steps.size() > each.spunAt;
            case DONE -> false;
        };
    }

    private Player left() { return players.stream().filter(each -> each.state != State.DONE).findFirst().orElse(null); }

    void enter(Player me, Object monitor, String where) {
        point(me, where);
        while (!free(me, monitor)) {
            me.state = State.SHUT_OUT;
            me.monitor = monitor;
            letGo(me, where);
        }
        Monitor mine = monitors.computeIfAbsent(monitor, key -> new Monitor());
        mine.owner = me;
        mine.entered++;
    }

    private boolean free(Player me, Object monitor) {
        Monitor there = monitors.get(monitor);
        return there == null || there.owner == null || there.owner == me;
    }

    void exit(Player me, Object monitor) {
        Monitor mine = monitors.get(monitor);
        if (mine != null && mine.owner == me && --mine.entered == 0) {
            mine.owner = null;
        }
    }

    /** A park that would end by itself does not: whoever is helped by time alone was forgotten. */
    void park(Player me, String where) {
        point(me, where);
        if (!me.permit) {
            me.state = State.PARKED;
            letGo(me, where);
        }
        me.permit = false;
    }

    void unpark(Player me, Player whom, String where) {
        point(me, where);
        whom.permit = true;
    }

    /** A loop that spins a while ends when another has done something, or when it has spun long enough. */
    void spin(Player me, String where) {
        if (!me.hurries) {
            me.spunOn = me.where;
            boolean others = players.stream().anyMatch(each -> each != me && canGo(each));
            if (others && choices.pick(2, 2, where) == 0) {
                yieldTurn(me, where);
            } else {
                me.hurries = true;
            }
        }
    }

    /** Until another has done something. */
    void yieldTurn(Player me, String where) {
        me.state = State.SPINNING;
        me.spunAt = steps.size();
        point(me, where);
    }

    void fail(Throwable why) {
        if (failure == null) {
            failure = new AssertionError(why.getMessage() == null ? why.toString() : why.getMessage() + inWords(), why);
        }
    }

    /** On its thread: its part of the play ended so. */
    void done(Player me, Throwable thrown) {
        me.run = null;
        me.state = State.DONE;
        me.where = "is done";
        if (thrown != null && !(thrown instanceof Unwinding)) {
            fail(thrown);
        }
        Player next = left() == null ? null : failure != null ? left() : choose(me, "the end of " + me.index);
        if (next == null) {
            over.run();
        } else {
            next.giveTurn();
        }
    }

    /** The schedule, a line for each step; a blank line where another goes on. */
    private String inWords() {
        StringBuilder said = new StringBuilder();
        players.forEach(each -> said.append("\n  thread ").append(each.index).append(" ").append(each.state).append(" at ")
                .append(each.where));
        int before = -1;
        for (Step each : steps) {
            said.append(each.player == before ? "\n" : "\n\n").append("    ".repeat(1 + 5 * each.player)).append(each.player)
                    .append(' ').append(each.where);
            before = each.player;
        }
        return said.toString();
    }
}
