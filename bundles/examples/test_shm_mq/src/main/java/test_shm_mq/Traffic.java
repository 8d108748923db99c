package test_shm_mq;

/** A way to send messages round the ring. */
interface Traffic {

    /** Until so many have come back. */
    void run(long loops) throws InterruptedException;
}
