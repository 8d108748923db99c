package dev.bgworker.schedules;

import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the instrumented classes call: before each operation on what is shared, and in place of what blocks. Any thread. */
public final class Points {

    private Points() {}

    private static Run mine() { return Thread.currentThread() instanceof Player player ? player.run : null; }

    private static Player me() { return (Player) Thread.currentThread(); }

    /** Another may go first. */
    public static void before(String where) {
        Run run = mine();
        if (run != null) {
            run.point(me(), where);
        }
    }

    public static void enter(Object monitor, String where) {
        Run run = mine();
        if (run != null) {
            run.enter(me(), monitor, where);
        }
    }

    public static void exit(Object monitor) {
        Run run = mine();
        if (run != null) {
            run.exit(me(), monitor);
        }
    }

    public static void park(Object blocker, String where) {
        Run run = mine();
        if (run == null) {
            throw new IllegalStateException("parks alone: " + where);
        }
        run.park(me(), where);
    }

    public static void parkNanos(Object blocker, long nanos, String where) { park(blocker, where); }

    public static void unpark(Thread thread, String where) {
        Run run = mine();
        if (run != null && thread instanceof Player player) {
            run.unpark(me(), player, where);
        } else if (thread instanceof Player player) {
            player.permit = true;
        }
    }

    public static void spin(String where) {
        Run run = mine();
        if (run != null) {
            run.spin(me(), where);
        }
    }

    /** In virtual time, so that a schedule repeats itself. */
    public static long nanoTime() {
        Run run = mine();
        return run == null ? 0 : run.now();
    }

    /** What would block beyond the reach of a schedule. */
    public static void refuse(String where) {
        if (mine() != null) {
            throw new IllegalStateException("blocks where no schedule can see it: " + where);
        }
    }

    /** Without a choice in between, since the map holds a lock of its own meanwhile. */
    public static <K, V> V computeIfAbsent(Map<K, V> map, K key, Function<? super K, ? extends V> make) {
        return alone(() -> map.computeIfAbsent(key, make));
    }

    public static <K, V> V computeIfPresent(Map<K, V> map, K key, BiFunction<? super K, ? super V, ? extends V> make) {
        return alone(() -> map.computeIfPresent(key, make));
    }

    public static <K, V> V compute(Map<K, V> map, K key, BiFunction<? super K, ? super V, ? extends V> make) {
        return alone(() -> map.compute(key, make));
    }

    /** Without a choice in between, as if the thread were alone. */
    public static <T> T alone(Supplier<T> work) {
        Run run = mine();
        if (run == null) {
            return work.get();
        }
        me().run = null;
        try {
            return work.get();
        } finally {
            me().run = run;
        }
    }

    /** Lets others go until that is so; it is asked without a choice in between. */
    public static void until(String what, BooleanSupplier so) {
        while (!alone(so::getAsBoolean)) {
            Run run = mine();
            if (run != null) {
                run.yieldTurn(me(), "until " + what);
            }
        }
    }
}
