package dev.bgworker.ipc.memory;

import dev.bgworker.api.ipc.Area;

/** The casts: makes of bytes what they are seen as. Owner thread only. */
@FunctionalInterface
public interface Views {

    /** ERROR 22023 when the area is too small, or not at a multiple of 8. */
    <T extends Area.View> T as(Class<T> kind, MappedArea area);
}
