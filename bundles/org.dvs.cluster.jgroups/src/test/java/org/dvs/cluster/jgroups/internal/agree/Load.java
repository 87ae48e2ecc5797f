package org.dvs.cluster.jgroups.internal.agree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Change;

/** Writes without a pause through some nodes, each write to a key of its own, and remembers what became of each. */
final class Load implements AutoCloseable {
    private static final int IN_FLIGHT = 64;

    final Map<String, byte[]> acknowledged = new ConcurrentHashMap<>();
    /** Refused for certain: must not be there. */
    final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
    final AtomicInteger unknown = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running = true;

    Load(int valueBytes, List<TestNode> through) {
        for (TestNode node : through) {
            Thread thread = new Thread(() -> run(node, valueBytes), "load-" + node.name);
            threads.add(thread);
            thread.start();
        }
    }

    private void run(TestNode node, int valueBytes) {
        Semaphore inFlight = new Semaphore(IN_FLIGHT);
        for (int i = 0; running; i++) {
            inFlight.acquireUninterruptibly();
            String key = "load/" + node.name + "/" + i % 500 + "/" + System.identityHashCode(this) + "/" + i;
            byte[] value = (key + " ").repeat(valueBytes / key.length() + 1).getBytes(UTF_8);
            node.state().commit(new Change().expectAbsent(key).put(key, value)).whenComplete((version, failure) -> {
                inFlight.release();
                if (failure == null) {
                    acknowledged.put(key, value);
                } else if (((DvsException) failure).code() == ErrorCode.UNKNOWNOUTCOME) {
                    unknown.incrementAndGet();
                } else {
                    refused.add(key + " " + ((DvsException) failure).code());
                }
            });
            if (node.agreement.failure().isPresent()) {
                break;
            }
        }
        try {
            inFlight.tryAcquire(IN_FLIGHT, 15, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int count() {
        return acknowledged.size();
    }

    @Override
    public void close() {
        running = false;
        threads.forEach(thread -> {
            try {
                thread.join(20_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Every acknowledged write is on the node, and none that was refused. */
    void audit(TestNode node) throws Exception {
        node.state().sync().get(20, TimeUnit.SECONDS);
        int missing = 0;
        for (Map.Entry<String, byte[]> write : acknowledged.entrySet()) {
            var entry = node.state().get(write.getKey());
            if (entry.isEmpty()) {
                missing++;
            } else {
                assertArrayEquals(write.getValue(), entry.get().value(), write.getKey());
            }
        }
        assertEquals(0, missing, "acknowledged writes that are missing on " + node.name + " of " + acknowledged.size());
        for (String key : refused) {
            assertEquals(false, node.state().get(key.split(" ")[0]).isPresent(),
                    key + " was refused and is there on " + node.name);
        }
    }
}
