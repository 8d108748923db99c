package dev.bgworker.shell;

import java.io.IOException;

/** Why there is no socket; the host runs on without. */
final class SocketRefused extends IOException {

    private static final long serialVersionUID = 1;

    SocketRefused(String message) { super(message); }
}
