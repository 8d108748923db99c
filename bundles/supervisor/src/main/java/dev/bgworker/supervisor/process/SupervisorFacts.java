package dev.bgworker.supervisor.process;

import dev.bgworker.api.host.InjectionPoints;

/** What all processes may see of their supervisor. Written by the supervisor, read by any thread. */
final class SupervisorFacts {

    private volatile long epoch;
    private volatile boolean dead;
    private volatile boolean trackActivities = true;
    /** Null outside tests. */
    private volatile InjectionPoints points;

    /** Crash resets so far. */
    long epoch() { return epoch; }

    void epoch(long now) { epoch = now; }

    /** {@code !PostmasterIsAlive()}. */
    boolean dead() { return dead; }

    /** {@code track_activities}. */
    boolean trackActivities() { return trackActivities; }

    void trackActivities(boolean on) { trackActivities = on; }

    void dies() { dead = true; }

    void injectionPoints(InjectionPoints service) { points = service; }

    /** {@code INJECTION_POINT(name)}. */
    void injectionPoint(String name) {
        InjectionPoints here = points;
        if (here != null) {
            here.run(name);
        }
    }
}
