package dev.bgworker.spi.notify;

import dev.bgworker.api.process.ErrorData;
import java.util.Optional;

import static dev.bgworker.api.process.ErrorData.errcode;

/** What a message may be, by bytes of UTF-8, as in async.c. Pure. */
public final class NotifyLimits {

    /** {@code NAMEDATALEN - 1}. */
    static final int CHANNEL = 63;
    /** {@code NOTIFY_PAYLOAD_MAX_LENGTH - 1}. */
    static final int PAYLOAD = 7999;

    private NotifyLimits() {}

    /** What is wrong with the name of a channel; null counts as empty. */
    public static Optional<ErrorData> channel(String channel) {
        if (channel == null || channel.isEmpty()) {
            return Optional.of(errcode("22023", "channel name cannot be empty"));
        }
        int bytes = bytes(channel);
        return bytes <= CHANNEL
                ? text("channel name", channel)
                : Optional.of(errcode("22023", "channel name too long")
                        .errdetail("It has " + bytes + " bytes, the most are " + CHANNEL + "."));
    }

    /** What is wrong with a message. */
    public static Optional<ErrorData> message(String channel, String payload) {
        Optional<ErrorData> wrong = channel(channel);
        int bytes = bytes(payload);
        if (wrong.isEmpty() && bytes > PAYLOAD) {
            return Optional.of(errcode("22023", "payload string too long")
                    .errdetail("It has " + bytes + " bytes, the most are " + PAYLOAD + ".")
                    .errhint("Store the data in a table and send its key."));
        }
        return wrong.isPresent() ? wrong : text("payload string", payload);
    }

    private static Optional<ErrorData> text(String what, String text) {
        return text.indexOf('\0') < 0
                ? Optional.empty()
                : Optional.of(errcode("22021", "invalid byte sequence for encoding \"UTF8\": 0x00")
                        .errdetail("The " + what + " has a NUL at position " + (text.indexOf('\0') + 1) + "."));
    }

    /** In UTF-8, counted without encoding it. */
    static int bytes(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x800) {
                // Two chars of a surrogate pair make four bytes.
                bytes += Character.isSurrogate(c) ? 1 : 2;
            } else if (c >= 0x80) {
                bytes++;
            }
        }
        return bytes;
    }
}
