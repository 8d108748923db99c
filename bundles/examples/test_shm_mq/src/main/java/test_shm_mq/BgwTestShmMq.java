package test_shm_mq;

import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;

/** The Gogo command {@code bgw:test_shm_mq}, for other processes: the host's socket takes commands of that scope only. */
@Component(service = BgwTestShmMq.class, property = {"osgi.command.scope=bgw", "osgi.command.function=test_shm_mq"})
public final class BgwTestShmMq {

    /** As {@link TestShmMq#run}, with the same options. */
    @Descriptor("sends messages round a ring of background workers: test_shm_mq:run, see there")
    public Object test_shm_mq(CommandSession session, @Descriptor("options of test_shm_mq:run") Object... options)
            throws Exception {
        return ((Function) session.get("test_shm_mq:run")).execute(session, List.of(options));
    }
}
