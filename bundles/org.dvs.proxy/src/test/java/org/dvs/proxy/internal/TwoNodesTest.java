package org.dvs.proxy.internal;

import static org.dvs.proxy.internal.TestNode.DC;
import static org.dvs.proxy.internal.TestNode.WAIT_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.proxy.api.ProxyLink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes over real sockets. Names finish the sentence "programs on two nodes …". */
@Tag("R-PXY-01")
@Tag("R-PXY-06")
class TwoNodesTest {
    private static final int SERVER = 10;
    private static final int CLIENT = 40;

    @TempDir
    Path folder;

    private static void echo(TestNode node) throws Exception {
        node.kernel.bindHandler(DC, SERVER, "echo", (message, self) -> self.reply(message.source(), message, WAIT_MS, rcode ->
                { }));
    }

    private static Endpoint client(TestNode node) throws Exception {
        node.kernel.rmtbind(DC, SERVER, "echo", 1 - node.id);
        return node.kernel.bind(DC, CLIENT, "client", BindKind.SELF, EndpointNumbers.LOCALNODE);
    }

    @Test
    @Tag("R-PXY-05")
    @Tag("R-PXY-11")
    void askAndAreAnswered() throws Exception {
        try (Pair pair = new Pair(folder, "batch YES; autobind YES; sequence YES; sendpid YES;").start()) {
            echo(pair.nodes[1]);
            Endpoint client = client(pair.nodes[0]);
            Message message = new Message();
            for (int i = 0; i < 1_000; i++) {
                client.sendrec(SERVER, message.type(1).putInt(Message.M1_I1, i), WAIT_MS);
                assertEquals(i, message.getInt(Message.M1_I1));
            }
            ProxyLink link = pair.nodes[0].link(1);
            assertEquals(1_001, link.commandsIn(), "one asks to be told of the client's end");
            assertEquals(2_000, link.commandsOut());
            assertEquals("", link.differences());
            assertEquals(1, pair.nodes[1].link(0).autobound());
            assertEquals("rclient", pair.nodes[1].kernel.process(DC, CLIENT).name());
            assertEquals(0, pair.nodes[1].kernel.process(DC, CLIENT).node());
        }
    }

    @Test
    void copyMemory() throws Exception {
        try (Pair pair = new Pair(folder, "autobind YES; compress YES; digest xxhash64;").start()) {
            ByteBuffer there = ByteBuffer.allocateDirect(300_000);
            byte[] data = new byte[there.capacity()];
            new Random(1).nextBytes(data);
            Endpoint server = pair.nodes[1].kernel.bind(DC, SERVER, "server", BindKind.SELF, EndpointNumbers.LOCALNODE);
            long address = server.memory().expose(there);
            Thread waits = new Thread(() -> {
                try {
                    server.receive(EndpointNumbers.ANY, new Message(), WAIT_MS);
                } catch (org.dvs.kernel.api.IpcException e) {
                    throw new IllegalStateException(e);
                }
            });
            waits.start();
            pair.nodes[0].kernel.rmtbind(DC, SERVER, "server", 1);
            Endpoint self = pair.nodes[0].kernel.bind(DC, 5, "copies", BindKind.SELF, EndpointNumbers.LOCALNODE);
            pair.nodes[1].kernel.rmtbind(DC, 5, "copies", 0);
            ByteBuffer here = ByteBuffer.allocateDirect(data.length).put(0, data);
            long mine = self.memory().expose(here);
            Pair.await(() -> (pair.nodes[1].kernel.process(DC, SERVER).flags() & org.dvs.kernel.api.ProcessFlags.RECEIVING) != 0);
            self.vcopy(EndpointNumbers.SELF, mine, SERVER, address, data.length);
            assertEquals(here.clear(), there.clear());
            here.put(0, new byte[data.length]);
            self.vcopy(SERVER, address, EndpointNumbers.SELF, mine, data.length);
            assertEquals(there, here);
            self.send(SERVER, new Message().type(1), WAIT_MS);
            waits.join(WAIT_MS);
            assertTrue(pair.nodes[0].link(1).roundTripMicros() >= 0);
        }
    }

    @Test
    @Tag("R-PXY-13")
    void keepWhatTheirProgramsHaveBoundWhenAnOptionIsChanged() throws Exception {
        try (Pair pair = new Pair(folder, "batch YES; compress NO;").start()) {
            echo(pair.nodes[1]);
            Endpoint client = client(pair.nodes[0]);
            pair.nodes[1].kernel.rmtbind(DC, CLIENT, "client", 0);
            client.sendrec(SERVER, new Message(1), WAIT_MS);
            for (TestNode node : pair.nodes) {
                node.edit("compress NO", "compress YES");
            }
            for (TestNode node : pair.nodes) {
                // Between the two there is none for a moment.
                Pair.await(() -> node.proxies.links().get(WAIT_MS, TimeUnit.MILLISECONDS).stream()
                        .anyMatch(link -> link.state().equals("up") && link.options().contains("compress")));
            }
            assertEquals(1, pair.nodes[0].kernel.process(DC, SERVER).node());
            client.sendrec(SERVER, new Message(2), WAIT_MS);
            for (TestNode node : pair.nodes) {
                assertEquals(0, node.link(1 - node.id).unknown(), "neither takes the other for one that has started anew");
            }
        }
    }
}
