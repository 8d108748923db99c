package dev.bgworker.ipc.mq;

/** Which end of a queue. */
enum Side {
    SENDER("MessageQueueSend", 1), RECEIVER("MessageQueueReceive", 2);

    private final String waitEvent;
    private final long bit;

    Side(String waitEvent, long bit) {
        this.waitEvent = waitEvent;
        this.bit = bit;
    }

    Side other() { return this == SENDER ? RECEIVER : SENDER; }

    /** What is shown while it waits for the other one. */
    String waitEvent() { return waitEvent; }

    /** In the word that says who wants to be told. */
    long bit() { return bit; }

    /** For messages. */
    @Override
    public String toString() { return this == SENDER ? "sender" : "receiver"; }
}
