package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorker.Flag;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the contract knows of one registration. Facts alone, written by {@link Model}: its state follows from them. */
final class Expected {

    /** Why its run was told to go, mildest first. */
    enum Told { NOTHING, MOVE, CRASH, FAST, IMMEDIATE, TERMINATE }

    final long id;
    /** The library that declared it, empty for a file, null for a dynamic one. */
    final String declaredBy;
    final String name;
    final String owner;
    BackgroundWorker definition;
    boolean holdsSlot;

    long pid;
    boolean running;
    boolean abandoned;
    boolean entered;
    boolean ready;
    boolean startedTold;
    Told told = Told.NOTHING;
    boolean quitSent;
    String runLibrary = "";
    boolean runShmem;
    long runEpoch;
    Instant lastStart;

    boolean forgotten;
    boolean paused;
    boolean failed;
    /** Its library was removed for good while it stayed. */
    boolean libraryRemoved;
    /** In the restart delay: not before, not after. Equal once it was seen what was thrown. */
    Instant dueFrom;
    Instant dueTo;

    final List<Instant> starts = new ArrayList<>();
    int failuresInARow;
    int exitStatus = -1;
    long launches;

    Expected(long id, String declaredBy, String name, String owner, BackgroundWorker definition) {
        this.id = id;
        this.declaredBy = declaredBy;
        this.name = name;
        this.owner = owner;
        this.definition = definition;
    }

    boolean isStatic() { return declaredBy != null; }

    boolean fromFile() { return "".equals(declaredBy); }

    boolean shmem() { return definition.flags().contains(Flag.SHMEM_ACCESS); }

    String library() { return definition.libraryName(); }

    boolean concerns(String library) { return library().equals(library) || library.equals(declaredBy); }

    boolean inBackoff() { return dueFrom != null; }

    void noDelay() {
        dueFrom = null;
        dueTo = null;
    }

    /** To be placed as if it had just been registered. */
    void fresh() {
        noDelay();
        failed = false;
    }

    void forgetFailures() {
        starts.clear();
        failuresInARow = 0;
    }

    @Override
    public String toString() { return "#" + id + " " + definition.name(); }
}
