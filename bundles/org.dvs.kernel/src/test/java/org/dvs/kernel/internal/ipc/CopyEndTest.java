package org.dvs.kernel.internal.ipc;

import static org.awaitility.Awaitility.await;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When a copy has ended midway, its parties' memory is theirs again: nothing of it is written behind their backs. */
@Tag("R-CMD-14")
class CopyEndTest {
    private static final int CHUNK = 65_536;
    private static final int BYTES = Copy.WINDOW * CHUNK;
    private static final int SMALL_CHUNK = 64;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Nodes nodes = new Nodes(1, new DvsParameters("dvs", 32, 32, 221, 35, 128, CHUNK, 1_048_576, 0), dc -> dc);
    private final Program requester = nodes.bind(0, 10);
    private final Program inside = nodes.bind(0, 11);
    private final ByteBuffer mine = ByteBuffer.allocate(BYTES);

    CopyEndTest() throws DvsException {
    }

    private Outside outside() throws DvsException {
        Outside program = new Outside(CHUNK);
        nodes.kernel(0).bindProgram(Nodes.DC, 20, "outside", BindKind.SELF, EndpointNumbers.LOCALNODE, program);
        program.receive(EndpointNumbers.ANY, new Message(), Endpoint.FOREVER, rcode -> { });
        return program;
    }

    private boolean isKeptStill(int endpoint) throws DvsException {
        return (nodes.kernel(0).process(Nodes.DC, endpoint).flags() & ProcessFlags.ONCOPY) != 0;
    }

    @Test
    void chunksThatComeAfterOneThatFailedAreNotWritten() throws DvsException {
        Outside source = outside();
        Heard copied = requester.vcopy(20, 0, SELF, requester.expose(mine), BYTES);
        assertEquals(Copy.WINDOW, source.asked.size());
        source.answer(0, ErrorCode.FAULT.rcode(), CHUNK);
        copied.fails(ErrorCode.FAULT);
        for (int i = 1; i < Copy.WINDOW; i++) {
            source.answer(i, 0, CHUNK);
        }
        assertArrayEquals(new byte[BYTES], mine.array());
    }

    @Test
    void chunksThatComeAfterWhoeverOrderedTheCopyHasGoneAreNotWritten() throws DvsException {
        Outside source = outside();
        Heard received = inside.receive();
        Heard copied = requester.vcopy(20, 0, 11, inside.expose(mine), BYTES);
        source.answer(0, 0, CHUNK);
        requester.close();
        copied.fails(ErrorCode.NOTBIND);
        assertTrue(!isKeptStill(11));
        received.waits();
        byte[] before = mine.array().clone();
        source.answer(1, 0, CHUNK);
        assertArrayEquals(before, mine.array());
        assertEquals(1, mine.get(CHUNK - 1));
    }

    @Test
    void whoseMemoryIsBeingWrittenIsKeptStillUntilThatIsDone() throws DvsException {
        Outside destination = outside();
        List<Boolean> still = new ArrayList<>();
        destination.written = length -> {
            requester.close();
            try {
                still.add(isKeptStill(20));
            } catch (DvsException e) {
                throw new AssertionError(e);
            }
        };
        Heard copied = requester.vcopy(SELF, requester.expose(mine), 20, 0, BYTES);
        copied.fails(ErrorCode.NOTBIND);
        assertEquals(List.of(true), still, "of one chunk, after which no other is begun");
        assertTrue(!isKeptStill(20));
    }

    @Test
    void nothingIsWrittenOnceTheEndOfASourceOfTheContainerHasBeenTold() throws Exception {
        Nodes slow = new Nodes(1, new DvsParameters("dvs", 32, 32, 221, 35, 128, SMALL_CHUNK, 8 << 20, 0), dc -> dc);
        Program orders = slow.bind(0, 10);
        int died = 0;
        for (int i = 0; died < 3; i++) {
            assertTrue(i < 100, "the source never ends before its copy does");
            Program source = slow.bind(0, 11);
            source.receive();
            byte[] ones = new byte[8 << 20];
            Arrays.fill(ones, (byte) 1);
            long from = source.expose(ByteBuffer.wrap(ones));
            ByteBuffer there = ByteBuffer.allocate(ones.length);
            long to = orders.expose(there);
            Heard copied = new Heard("vcopy", null);
            Thread copies = new Thread(() -> orders.self.vcopy(11, from, SELF, to, ones.length, copied));
            copies.start();
            // Looks at both, so that it reads anew each time, and does not wait for a copy that has failed.
            while (there.get(0) == 0 && !copied.hasEnded()) {
                Thread.onSpinWait();
            }
            source.close();
            await().atMost(LIMIT).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(copied::hasEnded);
            byte[] then = there.array().clone();
            copies.join();
            assertArrayEquals(then, there.array(), "written after the copy had ended");
            if (copied.rcode() != ones.length) {
                copied.fails(ErrorCode.SRCDIED);
                died++;
            }
            assertEquals(0, orders.info().flags());
            orders.self.memory().withdraw(to);
        }
    }

    @Test
    void aDefectWhereMemoryIsReadOrWrittenKeepsNobodyStill() throws DvsException {
        Outside other = outside();
        long address = requester.expose(mine);
        other.defect = new IllegalStateException("planted: a defect of a memory");
        requester.vcopy(20, 0, SELF, address, BYTES).fails(ErrorCode.GENERIC);
        assertTrue(!isKeptStill(20));
        requester.vcopy(SELF, address, 20, 0, BYTES).fails(ErrorCode.GENERIC);
        assertTrue(!isKeptStill(20));
        other.defect = null;
        requester.vcopy(SELF, address, 20, 0, BYTES).ends(BYTES);
        assertEquals(0, requester.info().flags());
    }
}
