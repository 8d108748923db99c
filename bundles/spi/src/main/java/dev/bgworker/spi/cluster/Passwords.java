package dev.bgworker.spi.cluster;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Passwords that nobody has to type: 256 random bits in hex, so that no place needs to quote them. */
public final class Passwords {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Passwords() {}

    public static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
