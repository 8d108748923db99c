package dev.bgworker.ipc.mq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.ShmToc;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.ipc.IpcHost;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Entries grow from one end of a table of contents and contents from the other. */
class TocBoundsTest {

    private static final int SIZE = 3000;
    private static final int[] CONTENTS = {1, 48, 64, 65, 200};

    private final IpcHost host = IpcHost.start(loading -> loading.requestShmem("toc", SIZE));

    @AfterEach
    void stop() { host.close(); }

    @Test
    @Tag("R167")
    void contentsNeverMeetTheEntries() {
        host.peer("one").run(me -> {
            Area area = me.shmem().initStruct("toc", SIZE);
            for (int size = 64; size <= SIZE; size += 8) {
                for (int each : CONTENTS) {
                    fill(area.slice(0, size).as(ShmToc.class), each, size);
                }
            }
            return null;
        });
    }

    private static void fill(ShmToc toc, int each, int size) {
        toc.create(size);
        List<Area> inserted = new ArrayList<>();
        String refused = null;
        while (refused == null) {
            int key = inserted.size();
            try {
                inserted.add(toc.insert(key, each));
                inserted.get(key).write(0, ByteBuffer.wrap(pattern(key, each)));
            } catch (ErrorException full) {
                refused = full.data().sqlState();
            }
        }
        assertThat(refused).isEqualTo("53200");
        for (int key = 0; key < inserted.size(); key++) {
            ByteBuffer read = ByteBuffer.allocate(each);
            Area found = toc.lookup(key).orElseThrow();
            assertThat(found.size()).isEqualTo(each);
            found.read(0, read);
            assertThat(read.array()).as("%d of %d contents of %d bytes in %d", key, inserted.size(), each, size)
                    .isEqualTo(pattern(key, each));
        }
    }

    private static byte[] pattern(int key, int size) {
        byte[] all = new byte[size];
        Arrays.fill(all, (byte) ~key);
        return all;
    }
}
