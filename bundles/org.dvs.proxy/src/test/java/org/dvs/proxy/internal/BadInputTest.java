package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.TestNode.DC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.testkit.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does with a peer that is broken or hostile. Names finish the sentence "a node …". */
@Tag("R-PXY-05")
class BadInputTest {
    private static final int SERVER = 10;
    private static final int CLIENT = 40;

    @TempDir
    Path folder;
    private TestNode node;
    private int port;
    private AsyncEndpoint server;

    @BeforeEach
    void start() throws Exception {
        port = Ports.row(2);
        node = new TestNode(folder, 0, "node node0 { nodeid 0; baseport " + port + "; };\n"
                + "proxy localhost { proxyid 1; sport 1; autobind YES; batch YES; compress YES; digest crc32c; };\n")
                .set("greetingMs", 3_000).set("silenceMs", 6_000).set("heartbeatMs", 100).set("reconnectMaxMs", 500).start();
        server = node.kernel.bindAsync(DC, SERVER, "server", BindKind.SELF, EndpointNumbers.LOCALNODE);
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    private RawPeer peer() throws IOException {
        return new RawPeer(port);
    }

    /** One that has said HELLO and was welcomed. */
    private RawPeer welcomed(long attempt) throws Exception {
        RawPeer peer = peer();
        peer.send(RawPeer.hello(1, 77, attempt));
        assertEquals(FrameLayout.WELCOME, peer.next());
        Pair.await(() -> node.link(1).state().equals("up"));
        return peer;
    }

    private long strangers(Fault fault) throws Exception {
        CompletableFuture<Long> count = new CompletableFuture<>();
        node.proxies.proxies().loop().execute(() -> count.complete(node.proxies.proxies().strangers().faults(fault)));
        return count.get(TestNode.WAIT_MS, TimeUnit.MILLISECONDS);
    }

    private long counted(Fault fault) throws Exception {
        CompletableFuture<Long> count = new CompletableFuture<>();
        node.proxies.proxies().loop().execute(() -> count.complete(node.proxies.proxies().peer(1).orElseThrow().counters()
                .faults(fault)));
        return count.get(TestNode.WAIT_MS, TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Integer> received() {
        CompletableFuture<Integer> heard = new CompletableFuture<>();
        server.receive(EndpointNumbers.ANY, new Message(), TestNode.WAIT_MS, heard::complete);
        return heard;
    }

    private static Command message(int type) {
        Command command = new Command();
        command.code = Command.SNDREC_MSG;
        command.dcid = DC;
        command.source = CLIENT;
        command.destination = SERVER;
        command.sourceNode = 1;
        command.destinationNode = 0;
        command.call = type;
        command.message.source(CLIENT).type(type);
        return command;
    }

    static ByteBuffer mended(ByteBuffer frame, int checkedTo) {
        CRC32C crc = new CRC32C();
        crc.update(frame.array(), 0, 20);
        crc.update(frame.array(), 24, checkedTo - 24);
        return frame.putInt(20, (int) crc.getValue());
    }

    @Test
    void endsAConnectionWhoseFirstFrameIsNotOne() throws Exception {
        for (Fault fault : new Fault[] {Fault.MAGIC, Fault.VERSION, Fault.TYPE, Fault.FLAGS, Fault.LENGTH, Fault.CHECK,
                Fault.HELLO,
                Fault.UNKNOWN, Fault.IDENTITY, Fault.ORDER}) {
            try (RawPeer peer = peer()) {
                int id = fault == Fault.UNKNOWN ? 9 : fault == Fault.IDENTITY ? 0 : 1;
                ByteBuffer hello = RawPeer.bytes(to -> peer.encoder.hello(to, FrameLayout.HELLO, RawPeer.hello(id, 5, 1), 0));
                switch (fault) {
                    case MAGIC -> hello.put(0, (byte) 'X');
                    case VERSION -> hello.put(4, (byte) 99);
                    case TYPE -> hello.put(5, (byte) 99);
                    case FLAGS -> hello.putShort(6, (short) 1);
                    case LENGTH -> hello.putInt(8, Integer.MAX_VALUE);
                    case CHECK -> hello.put(50, (byte) 99);
                    case HELLO -> mended(hello.putInt(FrameLayout.HEADER, -7), hello.limit());
                    case ORDER -> mended(hello.put(5, (byte) FrameLayout.WELCOME), hello.limit());
                    default -> { }
                }
                long before = strangers(fault);
                peer.send(hello);
                assertEquals(fault, peer.end());
                assertEquals(before + 1, strangers(fault), fault.word());
            }
        }
        try (RawPeer peer = peer()) {
            peer.send(message(1), 1);
            assertEquals(Fault.ORDER, peer.end());
        }
        assertEquals(0, node.link(1).commandsIn());
    }

    @Test
    void endsAConnectionWhoseLengthsCannotBe() throws Exception {
        for (int length : new int[] {Integer.MAX_VALUE, -1, 0, Integer.MIN_VALUE, (1 << 20) + 1}) {
            try (RawPeer peer = peer()) {
                peer.raw(ByteBuffer.allocate(4).putInt(length).array());
                assertNull(peer.end());
            }
        }
        Pair.await(() -> strangers(Fault.LENGTH) == 5);
    }

    @Test
    void endsAConnectionThatNeverSaysHello() throws Exception {
        try (RawPeer silent = peer(); RawPeer cut = peer(); RawPeer drip = peer()) {
            ByteBuffer hello = RawPeer.bytes(to -> drip.encoder.hello(to, FrameLayout.HELLO, RawPeer.hello(1, 5, 1), 0));
            cut.raw(new byte[] {0, 0, 0, 50, 'D', 'V'});
            cut.shutdownOutput();
            byte[] whole = ByteBuffer.allocate(4 + hello.limit()).putInt(hello.limit()).put(hello).array();
            boolean ended = false;
            for (int i = 0; i < whole.length && !ended; i++) {
                try {
                    drip.raw(new byte[] {whole[i]});
                } catch (IOException e) {
                    ended = true;
                }
                ended |= drip.ended(60);
            }
            assertTrue(ended);
            assertNull(silent.end());
            assertNull(cut.end());
        }
        Pair.await(() -> strangers(Fault.SILENT) == 2 && strangers(Fault.LENGTH) == 1);
    }

    @Test
    @Tag("R-PXY-09")
    void endsASessionThatGoesWrongAndTakesTheNext() throws Exception {
        long attempt = 0;
        for (Fault fault : new Fault[] {Fault.CHECK, Fault.GAP, Fault.ACKNOWLEDGEMENT, Fault.IDENTITY, Fault.ORDER, Fault.MAGIC,
                Fault.LENGTH}) {
            try (RawPeer peer = welcomed(++attempt)) {
                long before = counted(fault);
                Command command = message(1);
                ByteBuffer bytes = peer.bytes(command, 1);
                switch (fault) {
                    case CHECK -> peer.send(bytes.put(60, (byte) 99));
                    case GAP -> peer.send(command, 2);
                    case ACKNOWLEDGEMENT -> {
                        peer.encoder.state(100, 0);
                        peer.send(command, 1);
                    }
                    case IDENTITY -> {
                        command.sourceNode = 2;
                        peer.send(command, 1);
                    }
                    case ORDER -> peer.send(RawPeer.hello(1, 77, attempt + 1));
                    case MAGIC -> peer.send(bytes.put(0, (byte) 0));
                    default -> peer.send(mended(bytes.putInt(8, 120), 168));
                }
                assertEquals(fault, peer.end());
                assertEquals(before + 1, counted(fault), fault.word());
                Pair.await(() -> !node.link(1).state().equals("up"));
            }
        }
        assertEquals(0, node.link(1).commandsIn());
        CompletableFuture<Integer> heard = received();
        try (RawPeer peer = welcomed(++attempt)) {
            peer.send(message(1), 1);
            assertEquals(0, heard.get(TestNode.WAIT_MS, TimeUnit.MILLISECONDS));
        }
    }

    @Test
    @Tag("R-PXY-09")
    void dropsAFrameThatComesTwice() throws Exception {
        try (RawPeer peer = welcomed(1)) {
            CompletableFuture<Integer> first = received();
            peer.send(message(1), 1);
            assertEquals(0, first.get(TestNode.WAIT_MS, TimeUnit.MILLISECONDS));
            CompletableFuture<Integer> second = received();
            peer.send(message(1), 1);
            Pair.await(() -> counted(Fault.REPEAT) == 1);
            assertFalse(second.isDone());
            peer.send(message(2), 2);
            assertEquals(0, second.get(TestNode.WAIT_MS, TimeUnit.MILLISECONDS));
            assertEquals("up", node.link(1).state());
            assertEquals(2, node.link(1).commandsIn());
        }
    }

    @Test
    @Tag("R-PXY-10")
    void tellsTheOriginOfDataThatCameDamaged() throws Exception {
        try (RawPeer peer = welcomed(1)) {
            for (int i = 1; i <= 2; i++) {
                Command copy = message(i);
                copy.code = Command.COPYIN_DATA;
                copy.copyRequester = CLIENT;
                copy.copyDestination = SERVER;
                copy.requesterNode = 1;
                copy.bytes = 4_000;
                copy.payload = ByteBuffer.allocate(4_000);
                boolean packed = i == 2;
                long sequence = i;
                ByteBuffer bytes = RawPeer.bytes(to -> peer.encoder.data(to, copy, packed, sequence));
                bytes.put(packed ? 170 : 1_000, (byte) 99);
                if (packed) {
                    // More than its frame says.
                    bytes.putInt(12, 3_000);
                    mended(bytes, 168);
                }
                peer.send(bytes);
                assertEquals(FrameLayout.COMMAND, peer.next());
                Command answer = peer.command();
                assertEquals(Command.COPYIN_ACK, answer.code);
                assertEquals(ErrorCode.BADVALUE.rcode(), answer.rcode);
                assertEquals(CLIENT, answer.destination);
                assertEquals(i, answer.call);
            }
            assertEquals(1, counted(Fault.DIGEST) + counted(Fault.DECOMPRESS) - 1);
            assertEquals("up", node.link(1).state());
        }
    }

    @Test
    void goesOnWithTheNewestConnectionOfAPeer() throws Exception {
        try (RawPeer old = welcomed(5); RawPeer late = peer(); RawPeer next = peer()) {
            late.send(RawPeer.hello(1, 77, 4));
            assertEquals(Fault.STALE, late.end());
            next.send(RawPeer.hello(1, 77, 6));
            assertEquals(FrameLayout.WELCOME, next.next());
            assertEquals(Fault.REPLACED, old.end());
            assertEquals("up", node.link(1).state());
            assertEquals(2, node.link(1).sessions());
        }
    }

    @Test
    void takesAPeerThatSaysNothingForDead() throws Exception {
        node.kernel.rmtbind(DC, CLIENT, "client", 1);
        try (RawPeer peer = welcomed(1)) {
            CompletableFuture<Integer> sent = new CompletableFuture<>();
            server.send(CLIENT, new Message().type(1), Endpoint.FOREVER, sent::complete);
            assertEquals(FrameLayout.COMMAND, peer.next());
            // It is there, and reads, and says nothing: as one that is paused, or cut off one way.
            peer.end();
            assertEquals(ErrorCode.UNKNOWNOUTCOME.rcode(), sent.get(TestNode.WAIT_MS, TimeUnit.MILLISECONDS));
            assertEquals(1, counted(Fault.SILENT));
        }
    }

    @Test
    void tellsWhoWaitsWhenAPeerIsKilled() throws Exception {
        node.kernel.rmtbind(DC, CLIENT, "client", 1);
        CompletableFuture<Integer> sent = new CompletableFuture<>();
        try (RawPeer peer = welcomed(1)) {
            server.send(CLIENT, new Message().type(1), Endpoint.FOREVER, sent::complete);
            assertEquals(FrameLayout.COMMAND, peer.next());
        }
        assertTrue(sent.get(TestNode.WAIT_MS, TimeUnit.MILLISECONDS) < 0);
        Pair.await(() -> !node.link(1).state().equals("up"));
        assertEquals(1, node.link(1).underWay());
    }

    @Test
    void settlesWithAPeerThatComesBack() throws Exception {
        node.kernel.rmtbind(DC, CLIENT, "client", 1);
        try (RawPeer peer = welcomed(1)) {
            server.send(CLIENT, new Message().type(1), Endpoint.FOREVER, rcode -> { });
            assertEquals(FrameLayout.COMMAND, peer.next());
        }
        Pair.await(() -> !node.link(1).state().equals("up"));
        try (RawPeer back = peer()) {
            // It does not know this node's incarnation, so it was restarted, though it does not say so.
            back.send(RawPeer.hello(1, 77, 2));
            assertEquals(FrameLayout.WELCOME, back.next());
            assertEquals(1, node.link(1).unknown());
            assertEquals(0, node.link(1).underWay());
        }
    }
}
