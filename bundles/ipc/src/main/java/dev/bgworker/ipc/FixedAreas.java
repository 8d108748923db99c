package dev.bgworker.ipc;

import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.ipc.fixed.Fixed;
import dev.bgworker.ipc.memory.Bytes;
import dev.bgworker.ipc.memory.MappedArea;
import dev.bgworker.ipc.memory.Mapping;
import dev.bgworker.ipc.memory.Member;
import dev.bgworker.ipc.memory.Views;
import java.util.List;
import java.util.stream.LongStream;

/** The fixed areas as one process, or a startup hook, sees them. Its thread only. */
record FixedAreas(Member member, Fixed fixed, Views views) {

    Area initStruct(String name, long size) {
        member.check();
        Fixed.Found area = member.raising(() -> fixed.initStruct(name, size));
        return new MappedArea(new Mapping(member, area.bytes(), "shared memory \"" + name + "\""), views, area.found());
    }

    List<LWLock> lwlockTranche(String name) {
        member.check();
        Bytes locks = member.raising(() -> fixed.locks(name));
        MappedArea all = new MappedArea(new Mapping(member, locks, "tranche \"" + name + "\""), views, true);
        return LongStream.range(0, locks.size() / LWLock.SIZE)
                .mapToObj(i -> all.slice(i * LWLock.SIZE, LWLock.SIZE).as(LWLock.class)).toList();
    }

    int newTrancheId(String name) {
        member.check();
        return member.raising(() -> fixed.tranches().register(name));
    }
}
