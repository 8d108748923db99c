package dev.bgworker.supervisor.process;

import dev.bgworker.supervisor.process.Waits.Wait;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What one look at the waits around one of them has found: those of whom none can go on before another of them does, and a
 * cycle through that one, if there is one. One thread.
 */
final class Deadlock {

    /** One who waits, and whom for when he was looked at. */
    private record Member(Wait of, Set<Long> on) {

        boolean stuck(Set<Long> stuck) {
            return of.forOne() ? !on.isEmpty() && stuck.containsAll(on) : on.stream().anyMatch(stuck::contains);
        }

        String inWords(long next) {
            return "Process " + of.pid() + " waits for " + of.what() + "; blocked by process " + next + ".";
        }
    }

    private final long from;
    private final Map<Long, Member> stuck;
    private final Map<Long, Long> cycle;

    private Deadlock(long from, Map<Long, Member> stuck) {
        this.from = from;
        this.stuck = stuck;
        this.cycle = new HashMap<>();
        if (!reaches(from, new HashSet<>())) {
            cycle.clear();
        }
    }

    /** @param waits by pid, null for one who does not wait */
    static Deadlock around(Wait from, Function<Long, Wait> waits) {
        Map<Long, Member> members = new HashMap<>();
        Deque<Wait> next = new ArrayDeque<>();
        next.add(from);
        while (!next.isEmpty()) {
            Wait wait = next.remove();
            if (!members.containsKey(wait.pid())) {
                Set<Long> on = wait.on().get();
                members.put(wait.pid(), new Member(wait, on));
                on.stream().map(waits).filter(Objects::nonNull).forEach(next::add);
            }
        }
        boolean fewer = true;
        while (fewer) {
            fewer = members.values().removeIf(each -> !each.stuck(members.keySet()));
        }
        return new Deadlock(from.pid(), members);
    }

    /** Depth first; whom each member on the way waits for is left in the cycle. */
    private boolean reaches(long pid, Set<Long> seen) {
        Member member = stuck.get(pid);
        if (member == null) {
            return false;
        }
        for (long next : member.on()) {
            cycle.put(pid, next);
            if (next == from || seen.add(next) && reaches(next, seen)) {
                return true;
            }
        }
        cycle.remove(pid);
        return false;
    }

    /** The cycle, one line for each member; empty when there is none. */
    Optional<String> inWords() {
        if (cycle.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder words = new StringBuilder();
        long pid = from;
        do {
            long next = cycle.get(pid);
            words.append(words.length() == 0 ? "" : "\n").append(stuck.get(pid).inWords(next));
            pid = next;
        } while (pid != from);
        return Optional.of(words.toString());
    }

    /**
     * Its waits were seen one after the other, so they need never have been there together. If all that it rests on are still
     * there, they were: whoever waits all the time gives nothing back meanwhile.
     */
    boolean holds(Predicate<Wait> lasts) {
        Set<Long> seen = new HashSet<>(cycle.keySet());
        Deque<Long> next = new ArrayDeque<>(seen);
        while (!next.isEmpty()) {
            Member member = stuck.get(next.remove());
            Set<Long> rests = reasons(member);
            Set<Long> now = member.of().on().get();
            boolean same = member.of().forOne() ? !now.isEmpty() && rests.containsAll(now) : now.containsAll(rests);
            if (!same || !lasts.test(member.of())) {
                return false;
            }
            rests.stream().filter(seen::add).forEach(next::add);
        }
        return true;
    }

    /** All of them if one would do; else one that is stuck, the one in the cycle where it is of it. */
    private Set<Long> reasons(Member member) {
        if (member.of().forOne()) {
            return member.on();
        }
        Long next = cycle.get(member.of().pid());
        return Set.of(next != null ? next : member.on().stream().filter(stuck::containsKey).findFirst().orElseThrow());
    }
}
