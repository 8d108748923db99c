package dev.bgworker.ipc;

import static dev.bgworker.api.process.LockMode.EXCLUSIVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Library;
import dev.bgworker.api.Proc;
import dev.bgworker.api.ipc.Area;
import dev.bgworker.api.ipc.ConditionVariable;
import dev.bgworker.api.ipc.ConditionVariable.Sleep;
import dev.bgworker.api.ipc.Dsa;
import dev.bgworker.api.ipc.LWLock;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.Latch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code that README.adoc quotes. */
class ManualTest {

    private static final long STOCK = 0;
    private static final long DELIVERED = 64;

    private final IpcHost host = IpcHost.start(ManualTest::init);
    private final Peer seller = host.peer("seller");
    private final Peer supplier = host.peer("supplier");

    @AfterEach
    void stop() { host.close(); }

    private static void init(Library.Init loading) {
        loading.requestShmem("shop", 128);
        loading.requestLWLocks("shop", 1);
        loading.onShmemStartup(memory -> {
            Area shop = memory.initStruct("shop", 128);
            if (!shop.found()) {
                shop.set(STOCK, 3);
                shop.slice(DELIVERED, ConditionVariable.SIZE).as(ConditionVariable.class).initialize();
            }
        });
    }

    private static boolean takeOne(Area shop, LWLock lock) {
        try (Held held = lock.acquire(EXCLUSIVE)) {
            long stock = shop.get(STOCK);
            shop.set(STOCK, Math.max(stock - 1, 0));
            return stock > 0;
        }
    }

    private static void sell(Proc me) {
        Area shop = me.shmem().initStruct("shop", 128);
        LWLock lock = me.shmem().lwlockTranche("shop").get(0);
        ConditionVariable delivered = shop.slice(DELIVERED, ConditionVariable.SIZE).as(ConditionVariable.class);

        try (Sleep sleep = delivered.prepareToSleep()) {
            while (!takeOne(shop, lock)) {
                sleep.await(Latch.FOREVER, "ShopDelivery");
            }
        }
    }

    private static void deliver(Proc me, long number) {
        Area shop = me.shmem().initStruct("shop", 128);
        shop.fetchAdd(STOCK, number);
        shop.slice(DELIVERED, ConditionVariable.SIZE).as(ConditionVariable.class).broadcast();
    }

    @Test
    void sellersWaitForADelivery() {
        seller.run(me -> {
            sell(me);
            sell(me);
            sell(me);
            return null;
        });
        CompletableFuture<Void> fourth = seller.start(me -> {
            sell(me);
            return null;
        });
        seller.awaitWaiting(host, "ShopDelivery");

        supplier.run(me -> {
            deliver(me, 2);
            return null;
        });

        Peer.get(fourth);
        assertThat(supplier.<Long>run(me -> me.shmem().initStruct("shop", 128).get(STOCK))).isOne();
    }

    private static long writeOrder(Proc me, String text) {
        Area orders = me.shmem().namedSegment("orders", 64, area -> area.set(0, 4711));
        Dsa heap = me.shmem().namedDsa("order texts");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long order = heap.allocate(8 + bytes.length, false).orElseThrow();
        heap.at(order).set(0, orders.fetchAdd(0, 1));
        heap.at(order).write(8, ByteBuffer.wrap(bytes));
        return order;
    }

    @Test
    void ordersHaveNumbersAndAreFoundByWhoeverKnowsTheirPointer() {
        long order = seller.run(me -> writeOrder(me, "tea"));

        assertThat(supplier.<Long>run(me -> me.shmem().namedDsa("order texts").at(order).get(0))).isEqualTo(4711);
        assertThat(supplier.<Long>run(me -> me.shmem().namedSegment("orders", 64, area -> area.set(0, 1)).get(0)))
                .isEqualTo(4712);
    }
}
