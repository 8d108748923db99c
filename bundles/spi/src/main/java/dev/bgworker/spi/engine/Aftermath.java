package dev.bgworker.spi.engine;

/** What a statement has left behind it in its transaction. By the session's own thread, inside the engine. */
public interface Aftermath {

    /** Of an engine that has everything in order itself. */
    Aftermath NONE = new Aftermath() {

        @Override
        public void settle() {}

        @Override
        public boolean refused() { return false; }
    };

    /** After each statement, and a rollback to a savepoint: puts in order what the engine has not. */
    void settle();

    /** Whether the last statement was refused a row, and went on without it, or began again. */
    boolean refused();
}
