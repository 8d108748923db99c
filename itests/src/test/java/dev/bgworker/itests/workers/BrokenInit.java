package dev.bgworker.itests.workers;

import dev.bgworker.api.Library;

/** {@code _PG_init} that fails with an Error. */
public final class BrokenInit implements Library {

    @Override
    public void init(Init loading) { throw new AssertionError("this init never works"); }
}
