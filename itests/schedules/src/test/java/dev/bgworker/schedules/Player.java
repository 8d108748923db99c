package dev.bgworker.schedules;

import java.util.concurrent.locks.LockSupport;

/** One of the threads that take turns, play after play. All fields but the turn are written by whoever has the turn. */
final class Player extends Thread {

    enum State { READY, PARKED, SHUT_OUT, SPINNING, DONE }

    final int index;
    State state = State.READY;
    /** Of LockSupport. */
    boolean permit;
    /** What it is shut out of. */
    Object monitor;
    /** Has spun long enough: goes on to the end of its loop, whose look that is. */
    boolean hurries;
    String spunOn = "";
    /** How many steps all had taken when it began to spin. */
    int spunAt;
    /** Null while it is alone: nothing is a choice then. */
    Run run;
    String where = "begins";
    private Runnable task;
    private volatile boolean turn;

    Player(int index) {
        super("player " + index);
        this.index = index;
        setDaemon(true);
    }

    void prepare(Runnable next) {
        state = State.READY;
        permit = false;
        monitor = null;
        hurries = false;
        where = "begins";
        task = next;
    }

    @Override
    public void run() {
        while (true) {
            awaitTurn();
            task.run();
        }
    }

    void giveTurn() {
        turn = true;
        LockSupport.unpark(this);
    }

    void awaitTurn() {
        while (!turn) {
            LockSupport.park(this);
        }
        turn = false;
    }
}
