package org.dvs.dispatcher.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Channel;
import org.junit.jupiter.api.Test;

class SenderThreadTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final List<ErrorCode> failed = new CopyOnWriteArrayList<>();

    private final SenderThread sender = new SenderThread("dvs-test-send-1", new Channel() {
        @Override
        public void multicast(byte[] payload) throws DvsException {
            try {
                assertTrue(release.await(20, TimeUnit.SECONDS));
                sent.add("multicast " + payload.length);
            } catch (InterruptedException e) {
                throw new DvsException(ErrorCode.NOTREADY, "interrupted", e);
            }
        }

        @Override
        public void send(int nodeId, byte[] payload) throws DvsException {
            if (nodeId == 9) {
                throw new DvsException(ErrorCode.DSTNOTRCH, "node 9 is not in the view");
            }
            sent.add("to " + nodeId);
        }

        @Override
        public void close() {
            sent.add("closed");
        }
    });

    @Test
    void keepsTheOrderAndSaysWhatCouldNotBeSent() {
        sender.multicast(new byte[3], e -> failed.add(e.code()));
        sender.send(9, new byte[1], e -> failed.add(e.code()));
        sender.send(1, new byte[1], e -> failed.add(e.code()));
        assertEquals(List.of(), sent);
        release.countDown();
        await().until(() -> sent.size() == 2);
        assertEquals(List.of("multicast 3", "to 1"), sent);
        assertEquals(List.of(ErrorCode.DSTNOTRCH), failed);
        sender.stop();
        sender.send(1, new byte[1], e -> failed.add(e.code()));
        assertEquals(2, failed.size(), "nothing is taken after the end, and nothing is lost without a word");
    }

    @Test
    void saysAgainWhenTooManyMessagesWait() {
        sender.multicast(new byte[3], e -> failed.add(e.code()));
        for (int i = 0; i < 5_000; i++) {
            sender.send(1, new byte[1], e -> failed.add(e.code()));
        }
        assertTrue(failed.size() > 800 && failed.size() < 1_000, failed.size() + " refused");
        assertEquals(List.of(ErrorCode.AGAIN), failed.stream().distinct().toList());
        release.countDown();
        sender.stop();
    }

    @Test
    void keepsNothingOfItsChannelWhenItHasStopped() {
        List<SenderThread> kept = new ArrayList<>();
        WeakReference<Channel> channel = stopped(kept);
        await().until(() -> {
            System.gc();
            return channel.refersTo(null);
        });
        kept.get(0).multicast(new byte[1], e -> failed.add(e.code()));
        assertEquals(List.of(ErrorCode.NOTREADY), failed);
    }

    private static WeakReference<Channel> stopped(List<SenderThread> kept) {
        Channel channel = new Channel() {
            @Override
            public void multicast(byte[] payload) {
                // it arrives
            }

            @Override
            public void send(int nodeId, byte[] payload) {
                // it arrives
            }

            @Override
            public void close() {
                // nothing to end
            }
        };
        SenderThread sender = new SenderThread("dvs-test-send-2", channel);
        sender.multicast(new byte[1], e -> { });
        sender.stop();
        kept.add(sender);
        return new WeakReference<>(channel);
    }
}
