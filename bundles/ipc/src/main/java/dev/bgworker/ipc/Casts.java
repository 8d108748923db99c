package dev.bgworker.ipc;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.Barrier;
import dev.bgworker.api.ipc.ConditionVariable;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.ipc.ShmMq;
import dev.bgworker.api.ipc.ShmToc;
import dev.bgworker.ipc.condition.OwnBarrier;
import dev.bgworker.ipc.condition.OwnConditionVariable;
import dev.bgworker.ipc.condition.PreparedSleep;
import dev.bgworker.ipc.lwlock.HeldLocks;
import dev.bgworker.ipc.lwlock.OwnLWLock;
import dev.bgworker.ipc.lwlock.SpinDelay;
import dev.bgworker.ipc.memory.MappedArea;
import dev.bgworker.ipc.memory.Views;
import dev.bgworker.ipc.mq.AttachedEnds;
import dev.bgworker.ipc.mq.OwnShmMq;
import dev.bgworker.ipc.mq.OwnShmToc;
import java.util.Map;
import java.util.function.Function;

/** What bytes can be seen as by one process. Its thread only. */
final class Casts implements Views {

    private final Map<Class<? extends Area.View>, Function<MappedArea, Area.View>> kinds;

    Casts(SharedState state, HeldLocks locks, PreparedSleep sleep, AttachedEnds ends) {
        SpinDelay delay = new SpinDelay();
        this.kinds = Map.of(
                LWLock.class, area -> new OwnLWLock(area, state.fixed().tranches(), locks, delay),
                ConditionVariable.class, area -> new OwnConditionVariable(area, sleep),
                Barrier.class, area -> new OwnBarrier(area, sleep),
                ShmMq.class, area -> new OwnShmMq(area, ends),
                ShmToc.class, OwnShmToc::new);
    }

    @Override
    public <T extends Area.View> T as(Class<T> kind, MappedArea area) {
        Function<MappedArea, Area.View> cast = kinds.get(kind);
        if (cast == null) {
            throw area.mapping().member().error(errcode("22023", "an area cannot be seen as " + kind.getName())
                    .errdetail("It can be seen as " + kinds.keySet().stream().map(Class::getSimpleName).sorted().toList()
                            + "."));
        }
        return kind.cast(cast.apply(area));
    }
}
