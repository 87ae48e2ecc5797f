package org.dvs.benchmark;

import java.io.EOFException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.dvs.apps.m3ftp.FileClient;
import org.dvs.apps.m3ftp.FileServer;
import org.dvs.apps.m3ftp.Progress;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;

/**
 * One process of {@link Payloads}: {@code PayloadPeer ROLE PORT OPTIONS ...}. Holder and server are node 1; who copies is node 0
 * and prints nanoseconds, of a block or of all.
 */
final class PayloadPeer {
    /** Programs that copy at the same time. */
    private static final int COPIERS = 4;
    private static final int HOLDER = 10;
    private static final int SERVER = 20;
    private static final int CLIENT = 21;
    private static final int BLOCK = 64 << 10;
    private static final int WHERE = 1;
    private static final long WAIT_MS = 60_000;

    private PayloadPeer() {
    }

    public static void main(String[] words) throws Exception {
        int port = Integer.parseInt(words[1]);
        switch (words[0]) {
            case "holder" -> hold(new ProxyNode(1, port, words[2], 30));
            case "text" -> text(new ProxyNode(0, port, words[2], 30), Integer.parseInt(words[3]), Integer.parseInt(words[4]));
            case "server" -> serve(new ProxyNode(1, port, words[2], 30), Path.of(words[3]));
            case "put" -> put(new ProxyNode(0, port, words[2], 30), Path.of(words[3]), Integer.parseInt(words[4]));
            case "sink" -> sink(Integer.parseInt(words[3]));
            case "source" -> source(port, Long.parseLong(words[3]), Integer.parseInt(words[4]));
            default -> throw new IllegalArgumentException(words[0]);
        }
        System.exit(0);
    }

    private static Endpoint bind(ProxyNode node, int endpoint, String name) throws Exception {
        return node.kernel.bind(ProxyNode.DC, endpoint, name, BindKind.SELF, EndpointNumbers.LOCALNODE);
    }

    private static void hold(ProxyNode node) throws Exception {
        node.paired();
        for (int i = 0; i < COPIERS; i++) {
            ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
            long[] address = new long[1];
            // A handler waits for messages, so its memory may be copied; it says where that is.
            AsyncEndpoint holder = node.kernel.bindHandler(ProxyNode.DC, HOLDER + i, "holder", (message, self) -> self.reply(
                    message.source(), message.putPointer(Message.M1_P1, address[0]), Endpoint.FOREVER, rcode -> { }));
            address[0] = holder.memory().expose(block);
            node.kernel.rmtbind(ProxyNode.DC, CLIENT + i, "client", 0);
        }
        System.out.println("ready holders");
        new CountDownLatch(1).await();
    }

    /** Several programs copy at a time, so that while one block is on its way the next one is compressed. */
    private static void text(ProxyNode node, int rounds, int count) throws Exception {
        node.connected();
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK).put(LogText.of(BLOCK)).flip();
        Endpoint[] selves = new Endpoint[COPIERS];
        long[] theirs = new long[COPIERS];
        long[] mine = new long[COPIERS];
        for (int i = 0; i < COPIERS; i++) {
            node.kernel.rmtbind(ProxyNode.DC, HOLDER + i, "holder", 1);
            selves[i] = bind(node, CLIENT + i, "client");
            Message message = new Message();
            selves[i].sendrec(HOLDER + i, message.type(WHERE), Endpoint.FOREVER);
            theirs[i] = message.getPointer(Message.M1_P1);
            mine[i] = selves[i].memory().expose(block.duplicate());
        }
        ExecutorService threads = Executors.newFixedThreadPool(COPIERS);
        for (int round = -1; round < rounds; round++) {
            long begin = System.nanoTime();
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < COPIERS; i++) {
                int one = i;
                all.add(threads.submit(() -> {
                    for (int k = 0; k < count / COPIERS; k++) {
                        selves[one].vcopy(EndpointNumbers.SELF, mine[one], HOLDER + one, theirs[one], BLOCK);
                    }
                    return null;
                }));
            }
            for (Future<Void> each : all) {
                each.get();
            }
            if (round >= 0) {
                System.out.println((System.nanoTime() - begin) / (count / COPIERS * COPIERS));
            }
        }
    }

    private static void serve(ProxyNode node, Path folder) throws Exception {
        Endpoint server = bind(node, SERVER, "m3ftpd");
        node.paired();
        node.kernel.rmtbind(ProxyNode.DC, CLIENT, "m3ftp", 0);
        System.out.println("ready m3ftpd");
        new FileServer(folder, true).run(server);
    }

    private static void put(ProxyNode node, Path file, int rounds) throws Exception {
        node.connected().kernel.rmtbind(ProxyNode.DC, SERVER, "m3ftpd", 1);
        try (Endpoint self = bind(node, CLIENT, "m3ftp");
                FileClient client = new FileClient(self, SERVER, FileClient.MAX_BLOCK, WAIT_MS)) {
            for (int round = 0; round < rounds; round++) {
                // The server's folder is this one: what there is to give back of the last copy is no part of the next.
                Files.deleteIfExists(file.resolveSibling("copy"));
                long begin = System.nanoTime();
                client.put(file, "copy", false, Progress.NONE);
                System.out.println(System.nanoTime() - begin);
            }
        }
    }

    private static void sink(int rounds) throws Exception {
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            System.out.println("ready " + door.getLocalPort());
            for (int round = 0; round < rounds; round++) {
                try (Socket from = door.accept(); InputStream in = from.getInputStream()) {
                    byte[] piece = new byte[BLOCK];
                    while (in.read(piece) >= 0) {
                        // As iperf3: what came is not looked at.
                        continue;
                    }
                    from.getOutputStream().write(1);
                }
            }
        }
    }

    private static void source(int port, long bytes, int rounds) throws Exception {
        byte[] piece = new byte[BLOCK];
        new Random(1).nextBytes(piece);
        for (int round = 0; round < rounds; round++) {
            try (Socket to = new Socket(InetAddress.getLoopbackAddress(), port); OutputStream out = to.getOutputStream()) {
                long begin = System.nanoTime();
                for (long at = 0; at < bytes; at += BLOCK) {
                    out.write(piece);
                }
                to.shutdownOutput();
                if (to.getInputStream().read() != 1) {
                    throw new EOFException("the sink has not had it all");
                }
                System.out.println(System.nanoTime() - begin);
            }
        }
    }
}
