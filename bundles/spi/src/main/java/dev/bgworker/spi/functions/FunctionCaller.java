package dev.bgworker.spi.functions;

import dev.bgworker.api.host.ProcArray;

/** The session in which a function is called. On the thread that executes its statement. */
public interface FunctionCaller {

    /** Its process. */
    ProcArray.Entry entry();

    /** {@code current_user}: as whom it is connected, named or not. */
    String role();

    /** Whether that role is a superuser. */
    boolean superuser();

    FunctionHost host();

    /** {@code Async_Notify} in its open transaction. */
    void asyncNotify(String channel, String payload);

    /** A function did what no rollback undoes, so the statement must not be run again by itself. */
    void acted();
}
