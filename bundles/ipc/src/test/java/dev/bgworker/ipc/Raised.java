package dev.bgworker.ipc;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The ERROR that a call raises. */
final class Raised {

    private Raised() {}

    static ErrorData error(ThrowingCallable call) { return catchThrowableOfType(ErrorException.class, call).data(); }

    static String sqlState(ThrowingCallable call) { return error(call).sqlState(); }
}
