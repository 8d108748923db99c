package dev.bgworker.testing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** What is to be run at some time, in the order of time, then of coming. Guarded by the machine's monitor. */
final class Alarms {

    private record Alarm(long at, long number, Runnable then) {}

    private final NavigableSet<Alarm> all = new TreeSet<>(
            Comparator.comparingLong(Alarm::at).thenComparingLong(Alarm::number));
    private long numbers;

    Object add(long at, Runnable then) {
        Alarm alarm = new Alarm(at, numbers++, then);
        all.add(alarm);
        return alarm;
    }

    void remove(Object alarm) { all.remove(alarm); }

    long next() { return all.isEmpty() ? SettableMachine.NEVER : all.first().at(); }

    /** Takes out what is due by then. */
    List<Runnable> until(long nanos) {
        List<Runnable> due = new ArrayList<>();
        while (next() <= nanos) {
            due.add(all.pollFirst().then());
        }
        return due;
    }
}
