package dev.bgworker.spi.engine;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;

/** From a value of a tuple to the type that the caller wants, as {@code ResultSet.getObject(column, type)}. Stateless. */
public final class Cast {

    private Cast() {}

    public static <T> T to(Class<T> type, Object value) {
        if (value == null) {
            return null;
        } else if (type == String.class) {
            return type.cast(TypeOutput.text(value));
        } else if (value instanceof byte[] bytes && type.isInstance(value)) {
            return type.cast(bytes.clone());
        } else if (type.isInstance(value)) {
            return type.cast(value);
        } else if (value instanceof Number number && Number.class.isAssignableFrom(type)) {
            return type.cast(number(type, number));
        } else if (value instanceof OffsetDateTime time && type == Instant.class) {
            return type.cast(time.toInstant());
        }
        throw refused(type, value);
    }

    private static Number number(Class<?> type, Number from) {
        if (type == Double.class) {
            return from.doubleValue();
        } else if (type == Float.class && !(from instanceof Double)) {
            return from.floatValue();
        } else if (type == Long.class && from instanceof Integer) {
            return from.longValue();
        } else if (type == Integer.class && from instanceof Long && from.intValue() == from.longValue()) {
            return from.intValue();
        }
        try {
            BigDecimal exact = new BigDecimal(from.toString());
            if (type == BigDecimal.class) {
                return exact;
            } else if (type == Long.class) {
                return exact.longValueExact();
            } else if (type == Integer.class) {
                return exact.intValueExact();
            } else if (type == Short.class) {
                return exact.shortValueExact();
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw new ErrorException(
                    ErrorData.errcode("22003", "value " + from + " is out of range for type " + type.getSimpleName()), e);
        }
        throw refused(type, from);
    }

    private static ErrorException refused(Class<?> type, Object value) {
        return new ErrorException(ErrorData.errcode("42846",
                "cannot cast type " + value.getClass().getSimpleName() + " to " + type.getSimpleName()));
    }
}
