package dev.bgworker.api.control;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The definition: {@code struct BackgroundWorker}, component for {@code bgw_} field. A value; checked when it is
 * registered, in the contract's order, and not before. There is no database in it: the worker connects.
 *
 * @param notifyPid {@code bgw_notify_pid}, 0 for none
 * @param role what a {@code ConnectTo} without role means to it: empty for the superuser of initdb; what a role that is no
 *     superuser launches by SQL runs as that role
 * @param runsIn server states in which it may run, and as they change it is stopped and started; empty: {@code startTime}
 *     only gates starting, as in PostgreSQL
 * @param outlivesOwner whether it stays when the bundle that registered it stops
 */
public record BackgroundWorker(String name, String type, Set<Flag> flags, StartTime startTime, RestartPolicy restart,
        String libraryName, String functionName, Datum mainArg, Map<String, String> extra, long notifyPid,
        String role, Set<Server.State> runsIn, boolean outlivesOwner) {

    /** {@code bgw_flags}. */
    public enum Flag { SHMEM_ACCESS, DATABASE_CONNECTION, INTERRUPTIBLE }

    /** {@code BgWorkerStartTime}. */
    public enum StartTime { POSTMASTER_START, CONSISTENT_STATE, RECOVERY_FINISHED }

    public BackgroundWorker {
        flags = Set.copyOf(flags);
        extra = Map.copyOf(extra);
        runsIn = Set.copyOf(runsIn);
    }

    /** Starts with: no type, both access flags, RECOVERY_FINISHED, restarted after 60 s, argument 0. */
    public static Builder builder(String name, String libraryName, String functionName) {
        return new Builder(name, libraryName, functionName);
    }

    /** Not thread-safe; {@link #build} may be called repeatedly. */
    public static final class Builder {

        private final String name;
        private final String libraryName;
        private final String functionName;
        private String type = "";
        private Set<Flag> flags = EnumSet.of(Flag.SHMEM_ACCESS, Flag.DATABASE_CONNECTION);
        private StartTime startTime = StartTime.RECOVERY_FINISHED;
        private RestartPolicy restart = RestartPolicy.DEFAULT;
        private Datum mainArg = Datum.of(0);
        private Map<String, String> extra = Map.of();
        private long notifyPid;
        private String role = "";
        private Set<Server.State> runsIn = Set.of();
        private boolean outlivesOwner;

        private Builder(String name, String libraryName, String functionName) {
            this.name = name;
            this.libraryName = libraryName;
            this.functionName = functionName;
        }

        /** {@code bgw_type}; the name when left out. */
        public Builder type(String type) {
            this.type = type;
            return this;
        }

        /** {@code bgw_flags}; replaces the default. */
        public Builder flags(Set<Flag> flags) {
            this.flags = flags;
            return this;
        }

        /** {@code bgw_start_time}. */
        public Builder startTime(StartTime startTime) {
            this.startTime = startTime;
            return this;
        }

        /** {@code bgw_restart_time}; {@link RestartPolicy#NEVER} must be said. */
        public Builder restart(RestartPolicy restart) {
            this.restart = restart;
            return this;
        }

        /** {@code bgw_main_arg}. */
        public Builder mainArg(Datum value) {
            this.mainArg = value;
            return this;
        }

        /** {@code bgw_extra}; 64 KiB in all. */
        public Builder extra(Map<String, String> extra) {
            this.extra = extra;
            return this;
        }

        /** {@code bgw_notify_pid}. */
        public Builder notifyPid(long pid) {
            this.notifyPid = pid;
            return this;
        }

        /** As whom it connects when it names no role itself. */
        public Builder role(String role) {
            this.role = role;
            return this;
        }

        /** Stops and starts the worker as the server state changes. */
        public Builder runsIn(Set<Server.State> runsIn) {
            this.runsIn = runsIn;
            return this;
        }

        /** Keeps the worker when the registering bundle stops. */
        public Builder outlivesOwner() {
            this.outlivesOwner = true;
            return this;
        }

        public BackgroundWorker build() {
            return new BackgroundWorker(name, type, flags, startTime, restart, libraryName, functionName, mainArg, extra,
                    notifyPid, role, runsIn, outlivesOwner);
        }
    }
}
