package dev.bgworker.spi;

/** TERM to a client backend, which may come before it has connected. Thread-safe. */
final class ClientEnd implements Runnable {

    // Written by whoever asks, before it looks at the other.
    private volatile boolean asked;
    // Written once by who connects, before it looks at the other.
    private volatile ClientConnection client;

    void of(ClientConnection connected) {
        client = connected;
        if (asked) {
            connected.end();
        }
    }

    @Override
    public void run() {
        asked = true;
        ClientConnection connected = client;
        if (connected != null) {
            connected.end();
        }
    }
}
