package dev.bgworker.toolkit.sim;

/** What is fixed about a key: the last digit says it. */
final class Keys {

    private Keys() {}

    private static int number(String key) { return key.charAt(key.length() - 1) - '0'; }

    static boolean saysReady(String key) { return number(key) % 3 != 2; }

    static boolean shmem(String key) { return number(key) % 4 != 3; }

    static int group(String key) { return number(key) % 2; }
}
