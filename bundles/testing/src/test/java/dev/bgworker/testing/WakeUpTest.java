package dev.bgworker.testing;

import dev.bgworker.api.process.Latch;
import dev.bgworker.api.process.WaitEventSet;
import dev.bgworker.api.spi.ConnectTo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

/** What wakes a worker from outside has been acted upon when all rest. */
@ExtendWith(BgworkerExtension.class)
class WakeUpTest {

    @Test
    void dataThatWasSentToASocketIsSeenBeforeAllRest(TestHost host) throws Exception {
        List<Integer> received = Collections.synchronizedList(new ArrayList<>());
        try (ServerSocketChannel server = ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel accepted = server.accept()) {
            accepted.configureBlocking(false);
            TestWorker worker = host.start(it -> {
                it.interrupts().unblock();
                try (WaitEventSet set = it.waitEventSet()) {
                    set.socket(accepted, SelectionKey.OP_READ);
                    while (true) {
                        WaitEventSet.Wake wake = set.await(ofSeconds(5), "Socket");
                        it.latch().reset();
                        it.interrupts().check();
                        received.add(wake.timeout() ? -1 : accepted.read(ByteBuffer.allocate(10)));
                    }
                }
            });
            worker.awaitIdle("Socket");
            for (int i = 1; i <= 100; i++) {
                client.write(ByteBuffer.wrap(new byte[]{1, 2, 3}));
                host.settle();
                assertThat(received).hasSize(i).allMatch(each -> each == 3);
            }
            host.advance(ofSeconds(5));
            assertThat(received).last().isEqualTo(-1);
        }
    }

    @Test
    void dataThatGoesFromWorkerToWorkerHasArrivedBeforeAllRest(TestHost host) throws Exception {
        int hops = 6;
        AtomicInteger arrived = new AtomicInteger();
        List<Pipe> pipes = new ArrayList<>();
        for (int i = 0; i <= hops; i++) {
            pipes.add(Pipe.open());
            pipes.get(i).source().configureBlocking(false);
        }
        for (int i = 0; i < hops; i++) {
            Pipe in = pipes.get(i);
            Pipe out = pipes.get(i + 1);
            boolean last = i == hops - 1;
            host.start(it -> {
                it.interrupts().unblock();
                try (WaitEventSet set = it.waitEventSet()) {
                    set.socket(in.source(), SelectionKey.OP_READ);
                    while (true) {
                        set.await(Latch.FOREVER, "Pipe");
                        it.latch().reset();
                        it.interrupts().check();
                        int got = in.source().read(ByteBuffer.allocate(10));
                        if (got > 0 && last) {
                            arrived.addAndGet(got);
                        } else if (got > 0) {
                            out.sink().write(ByteBuffer.wrap(new byte[got]));
                        }
                    }
                }
            });
        }
        host.settle();

        for (int i = 1; i <= 200; i++) {
            pipes.get(0).sink().write(ByteBuffer.wrap(new byte[1]));
            host.settle();
            assertThat(arrived).hasValue(i);
        }
        for (Pipe each : pipes) {
            each.source().close();
            each.sink().close();
        }
    }

    @Test
    void notificationIsThereWhenAllRest(TestHost host) {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        host.start(it -> {
            it.interrupts().unblock();
            var inbox = it.connect(ConnectTo.database("postgres")).listen("news");
            while (true) {
                for (var each = inbox.poll(); each.isPresent(); each = inbox.poll()) {
                    heard.add(each.get().payload());
                }
                it.latch().await(Latch.FOREVER, "Listens");
                it.latch().reset();
                it.interrupts().check();
            }
        }).awaitIdle("Listens");

        for (int i = 0; i < 50; i++) {
            String payload = "news " + i;
            host.sql(sql -> {
                sql.transaction().asyncNotify("news", payload);
                return null;
            });
            host.settle();
            assertThat(heard).hasSize(i + 1).last().isEqualTo(payload);
        }
    }
}
