package dev.bgworker.api.control;

import dev.bgworker.api.process.ErrorException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * {@code bgw_main_arg}: one int, long, double, boolean, text or bytes of at most 64 KiB (22023), by value only. Each
 * accessor gives its own kind and what Java widens to it without loss (int to long and double); all else is 22P02.
 */
public final class Datum {

    private final Object value;

    private Datum(Object value) { this.value = value; }

    /** {@code Int32GetDatum}. */
    public static Datum of(int value) { return new Datum(value); }

    /** {@code Int64GetDatum}. */
    public static Datum of(long value) { return new Datum(value); }

    /** {@code Float8GetDatum}. */
    public static Datum of(double value) { return new Datum(value); }

    /** {@code BoolGetDatum}. */
    public static Datum of(boolean value) { return new Datum(value); }

    /** {@code CStringGetTextDatum}. */
    public static Datum of(String value) {
        checkSize(value.getBytes(StandardCharsets.UTF_8).length);
        return new Datum(value);
    }

    /** A bytea, copied. */
    public static Datum of(byte[] value) {
        checkSize(value.length);
        return new Datum(value.clone());
    }

    /**
     * Reads what file, shell, SQL and annotation give: the first of int, long, double, boolean, {@code \x} bytes whose
     * {@link #toString} is that very text, else text; so {@code 4} is an int and {@code 007} is text.
     */
    public static Datum parse(String text) {
        Datum found = of(text);
        if (text.matches("-?\\d{1,19}")) {
            BigInteger number = new BigInteger(text);
            found = number.bitLength() < 32
                    ? of(number.intValue())
                    : number.bitLength() < 64 ? of(number.longValue()) : found;
        } else if (text.matches("-?\\d{1,17}\\.\\d{1,17}(E-?\\d{1,3})?")) {
            found = of(Double.parseDouble(text));
        } else if (text.equals("true") || text.equals("false")) {
            found = of(Boolean.parseBoolean(text));
        } else if (text.matches("\\\\x([0-9a-f]{2})*")) {
            found = of(HexFormat.of().parseHex(text, 2, text.length()));
        }
        return found.toString().equals(text) ? found : of(text);
    }

    /** {@code DatumGetInt32}. */
    public int asInt() { return as(Integer.class); }

    /** {@code DatumGetInt64}. */
    public long asLong() { return value instanceof Integer narrow ? narrow : as(Long.class); }

    /** {@code DatumGetFloat8}. */
    public double asDouble() {
        return value instanceof Integer narrow ? narrow : as(Double.class);
    }

    /** {@code DatumGetBool}. */
    public boolean asBoolean() { return as(Boolean.class); }

    /** {@code TextDatumGetCString}. */
    public String asText() { return as(String.class); }

    /** A copy of the bytes. */
    public byte[] asBytes() { return as(byte[].class).clone(); }

    private <T> T as(Class<T> kind) {
        if (!kind.isInstance(value)) {
            throw new ErrorException(
                    errcode("22P02", "invalid main argument of type " + kind.getSimpleName() + ": \"" + this + "\"")
                            .errdetail("It was given as " + value.getClass().getSimpleName() + "."));
        }
        return kind.cast(value);
    }

    private static void checkSize(int bytes) {
        if (bytes > 65_536) {
            throw new ErrorException(
                    errcode("22023", "main argument is too long").errdetail(bytes + " bytes, 65536 at most."));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Datum that && Arrays.deepEquals(new Object[]{value}, new Object[]{that.value});
    }

    @Override
    public int hashCode() { return Arrays.deepHashCode(new Object[]{value}); }

    /** The printed form: bytes as {@code \x0a1b}, text as it is. */
    @Override
    public String toString() {
        return value instanceof byte[] bytes ? "\\x" + HexFormat.of().formatHex(bytes) : value.toString();
    }
}
