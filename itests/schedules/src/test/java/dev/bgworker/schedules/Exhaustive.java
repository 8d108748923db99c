package dev.bgworker.schedules;

import java.util.ArrayList;
import java.util.List;

/** All schedules with so many costs at most, depth first: each run repeats the one before up to the last choice left over. */
final class Exhaustive implements Choices {

    private static final class Node {

        private final int options;
        private final int free;
        private final String where;
        private int picked;

        Node(int options, int free, String where) {
            this.options = options;
            this.free = free;
            this.where = where;
        }
    }

    private final int bound;
    private final List<Node> path = new ArrayList<>();
    private int depth;
    private int spent;

    Exhaustive(int bound) { this.bound = bound; }

    @Override
    public int pick(int options, int free, String where) {
        int allowed = spent < bound ? options : free;
        if (allowed == 1) {
            return 0;
        }
        if (depth == path.size()) {
            path.add(new Node(allowed, free, where));
        }
        Node node = path.get(depth++);
        if (node.options != allowed || node.free != free || !node.where.equals(where)) {
            throw new IllegalStateException("the schedule does not repeat itself: " + node.where + ", then " + where);
        }
        spent += node.picked < free ? 0 : 1;
        return node.picked;
    }

    /** To the next schedule; false when there is none. */
    boolean next() {
        depth = 0;
        spent = 0;
        for (int last = path.size() - 1; last >= 0; last--) {
            Node node = path.get(last);
            if (++node.picked < node.options) {
                return true;
            }
            path.remove(last);
        }
        return false;
    }
}
