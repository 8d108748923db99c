package dev.bgworker.toolkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** How many children there may be at a time, in all and by group of keys, as {@code max_sync_workers_per_subscription}. */
final class Room<K> {

    private record Limit<K>(int most, Function<? super K, ?> group) {}

    /** What is left, one after the other. */
    static final class Count<K> {

        private final List<Limit<K>> limits;
        private final List<Map<Object, Integer>> taken = new ArrayList<>();

        private Count(List<Limit<K>> limits, List<Child<K>> children) {
            this.limits = limits;
            for (Limit<K> limit : limits) {
                Map<Object, Integer> byGroup = new HashMap<>();
                for (Child<K> each : children) {
                    if (each.isRegistered() && !each.gone) { // one that is being stopped holds its slot still
                        byGroup.merge(limit.group().apply(each.key), 1, Integer::sum);
                    }
                }
                taken.add(byGroup);
            }
        }

        boolean takes(Child<K> child) {
            for (int i = 0; i < limits.size(); i++) {
                if (taken.get(i).getOrDefault(limits.get(i).group().apply(child.key), 0) >= limits.get(i).most()) {
                    return false;
                }
            }
            for (int i = 0; i < limits.size(); i++) {
                taken.get(i).merge(limits.get(i).group().apply(child.key), 1, Integer::sum);
            }
            return true;
        }
    }

    /** Written by the owner's thread. */
    private final List<Limit<K>> limits = new ArrayList<>();

    void limit(int most, Function<? super K, ?> group) { limits.add(new Limit<>(most, group)); }

    boolean limited() { return !limits.isEmpty(); }

    Count<K> count(List<Child<K>> children) { return new Count<>(limits, children); }
}
