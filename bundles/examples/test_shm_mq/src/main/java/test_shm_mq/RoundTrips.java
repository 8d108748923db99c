package test_shm_mq;

import dev.bgworker.api.ipc.ShmMq.Result;

/** {@code test_shm_mq}: one message is out at a time. The backend's thread only. */
record RoundTrips(Ring ring, Messages messages) implements Traffic {

    @Override
    public void run(long loops) throws InterruptedException {
        for (long i = 0; i < loops; i++) {
            if (ring.out().send(false, true, messages.get(i)) != Result.SUCCESS
                    || ring.in().receive(false) != Result.SUCCESS) {
                throw ring.broken();
            }
            messages.verify(i, ring.in().message());
        }
    }
}
