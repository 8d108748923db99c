package dev.bgworker.supervisor;

/** Who can end the host when the supervisor cannot go on. Called on the supervisor's thread; must not wait. */
@FunctionalInterface
public interface HostEnd {

    /** Begins a shutdown after which the process ends with that status. */
    void stop(int status, String why);
}
