package dev.bgworker.supervisor.core;

/**
 * What a static worker is known by across versions and restarts of its library. A value.
 *
 * @param library symbolic name of the bundle, empty for a worker of a file
 * @param name {@code bgw_name}, or the NAME of {@code bgw.worker-NAME.cfg}
 */
public record Identity(String library, String name) {

    /** A worker of {@code bgw.worker-NAME.cfg}. */
    public static Identity ofFile(String name) {
        return new Identity("", name);
    }

    /** Whether a file registered it, so that it stays when its library is removed. */
    boolean fromFile() {
        return library.isEmpty();
    }
}
