package org.dvs.cluster.jgroups.internal.transport;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Guests … */
@Tag("R-CMD-18")
class GuestsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private final Guests guests = new Guests(new NetThreads(), 300);
    private final List<CountDownLatch> held = new ArrayList<>();

    /** Not connected, from some address. */
    private static final class From extends Socket {
        private final InetAddress address;

        From(String address) throws IOException {
            this.address = InetAddress.getByName(address);
        }

        @Override
        public InetAddress getInetAddress() {
            return address;
        }
    }

    @AfterEach
    void stop() {
        held.forEach(CountDownLatch::countDown);
        guests.stop();
    }

    /** Says nothing. */
    private boolean comes(String address) throws IOException {
        CountDownLatch silence = new CountDownLatch(1);
        held.add(silence);
        return guests.welcome(new From(address), () -> {
            try {
                silence.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void ofOneAddressTakeNoPlaceFromOthers() throws Exception {
        for (int i = 0; i < Guests.OF_ONE_ADDRESS; i++) {
            assertTrue(comes("10.0.0.1"));
        }
        assertFalse(comes("10.0.0.1"));
        assertTrue(comes("10.0.0.2"));
        int more = 0;
        while (comes("127.0.0.1")) {
            more++;
        }
        assertEquals(Guests.AT_ONCE - Guests.OF_ONE_ADDRESS - 1, more, "of loopback as many as there is room for");
        held.get(0).countDown();
        await().atMost(LONG).until(() -> comes("10.0.0.1"));
    }

    @Test
    void whoDripAreSentAwayAfterAWhile() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket dripping = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket guest = server.accept()) {
            CompletableFuture<Void> gone = new CompletableFuture<>();
            assertTrue(guests.welcome(guest, () -> {
                try {
                    while (guest.getInputStream().read() >= 0) {
                        dripping.getOutputStream().write(1);
                    }
                } catch (IOException e) {
                    gone.complete(null);
                }
            }));
            dripping.getOutputStream().write(1);
            gone.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void areSentAwayWhenThisNodeStops() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket silent = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket guest = server.accept()) {
            Guests patient = new Guests(new NetThreads(), 3_600_000);
            CompletableFuture<Void> gone = new CompletableFuture<>();
            assertTrue(patient.welcome(guest, () -> {
                try {
                    guest.getInputStream().read();
                } catch (IOException e) {
                    gone.complete(null);
                }
            }));
            patient.stop();
            gone.get(20, TimeUnit.SECONDS);
            assertEquals(-1, silent.getInputStream().read());
            assertFalse(patient.welcome(new From("10.0.0.1"), () -> { }));
        }
    }
}
