package dev.bgworker.shell;

import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;

/** A request that is none (08P01), or does not come. */
final class ProtocolViolation extends ErrorException {

    private static final long serialVersionUID = 1;

    ProtocolViolation(String message, String detail) { super(ErrorData.errcode("08P01", message).errdetail(detail)); }
}
