package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.NOWAIT;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.HARDWARE;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProxyPair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The limits of the original are defaults and no ceilings; what endpoints cost. */
@Tag("R-PXY-12")
class ScaleTest {
    private static final int ENDPOINTS = 65_536;
    private static final int NODES = 1_024;
    private static final int MEASURED = 10_000;
    private static final int SENDERS = 10_000;
    private static final int LIMIT_BYTES = 1_024;
    private static final DvsParameters LARGE = new DvsParameters("large", 64, NODES, ENDPOINTS, 35, 40_000, 65_536, 1_048_576, 0);

    private final TestKernels kernels = new TestKernels();

    @AfterEach
    void stop() {
        kernels.close();
    }

    private KernelCore large() throws DvsException {
        KernelCore kernel = kernels.bare();
        kernel.dvsInit(0, "node0", LARGE);
        kernel.dcInit(DcSettings.of(0, "large", LARGE));
        return kernel;
    }

    /** The original's default is 256; here all but one of them send, and the one says nothing. */
    @Test
    void thousandsSendToOneThatNeverReceivesAndWaitOrAreRefused() throws DvsException {
        KernelCore kernel = large();
        Program silent = Program.bind(kernel, 0, 0, BindKind.SELF, LOCALNODE);
        List<Heard> waiting = new ArrayList<>();
        for (int endpoint = 1; endpoint <= SENDERS; endpoint++) {
            Program sender = Program.bind(kernel, 0, endpoint, BindKind.SELF, LOCALNODE);
            sender.send(0, endpoint, NOWAIT).fails(ErrorCode.AGAIN);
            waiting.add(sender.send(0, endpoint));
            // Each has one message under way and no more: that is the bound.
            sender.send(0, endpoint).fails(ErrorCode.PROCRUN);
        }
        for (int endpoint = 1; endpoint <= 3; endpoint++) {
            silent.receive().brings(endpoint, endpoint);
            waiting.get(endpoint - 1).ok();
        }
        silent.close();
        waiting.subList(3, SENDERS).forEach(heard -> heard.fails(ErrorCode.DSTDIED));
    }

    @Test
    void aDcHasSixtyFiveThousandEndpoints() throws DvsException {
        KernelCore kernel = large();
        int bound = 0;
        for (int endpoint = -35; endpoint < ENDPOINTS; endpoint++) {
            if (endpoint != ANY && endpoint != NONE && endpoint != SELF && endpoint != HARDWARE) {
                kernel.bindAsync(0, endpoint, "p", BindKind.SELF, LOCALNODE);
                bound++;
            }
        }
        assertEquals(ENDPOINTS + 35 - 4, bound);
        assertEquals(bound, kernel.dc(0).bound());
        assertEquals(bound, kernel.processes(0).size());
        for (int special : new int[] {ANY, NONE, SELF, HARDWARE}) {
            TestKernels.refused(ErrorCode.BADPROC, () -> kernel.bindAsync(0, special, "p", BindKind.SELF, LOCALNODE));
            assertTrue(kernel.process(0, special).isFree());
        }
        TestKernels.refused(ErrorCode.BADPROC, () -> kernel.process(0, ENDPOINTS));
    }

    @Test
    void messagesReachTheLastEndpoint() throws DvsException {
        KernelCore kernel = large();
        Program last = Program.bind(kernel, 0, ENDPOINTS - 1, BindKind.SELF, LOCALNODE);
        Program user = Program.bind(kernel, 0, ENDPOINTS - 2, BindKind.SELF, LOCALNODE);
        Program server = Program.bind(kernel, 0, 39_964, BindKind.SELF, LOCALNODE);
        Heard answer = user.sendrec(39_964, 1);
        server.receive().brings(ENDPOINTS - 2, 1);
        server.reply(ENDPOINTS - 2, 2).ok();
        answer.brings(39_964, 2);
        last.receive().fails(ErrorCode.BADCALL);
        Heard told = server.receive();
        Program.bind(kernel, 0, 39_963, BindKind.SELF, LOCALNODE).tell(39_964, 31).ok();
        told.ok();
        assertEquals(39_963, told.message.source());
    }

    @Test
    void aDcHasAThousandNodes() throws DvsException {
        KernelCore kernel = large();
        ProxyPair one = kernel.proxiesBind("all", 1, 65_536, 546);
        one.connectSender();
        one.connectReceiver();
        for (int node = 1; node < NODES; node++) {
            kernel.nodeUp("node" + node, node, 1);
            kernel.addNode(0, node);
            kernel.rmtbind(0, node, "p" + node, node);
        }
        assertEquals(NODES, kernel.dc(0).nodes().cardinality());
        assertEquals(NODES, kernel.nodes().size());
        TestKernels.refused(ErrorCode.BADNODEID, () -> kernel.nodeUp("more", NODES, 1));
        Program a = Program.bind(kernel, 0, 2_000, BindKind.SELF, LOCALNODE);
        Command command = new Command();
        for (int node = 1; node < NODES; node++) {
            Heard told = a.tell(node);
            assertTrue(one.poll(command));
            told.ok();
            assertEquals(node, command.destinationNode);
        }
        one.unbind();
        assertEquals(1, kernel.nodes().size());
        assertEquals(1, kernel.dc(0).bound());
    }

    /** Ways to bind. */
    enum Style { THREAD, HANDLER, ASYNC, REMOTE, WAITING }

    @ParameterizedTest
    @EnumSource(Style.class)
    void tenThousandBoundEndpointsCostAtMostAKibibyteEach(Style style) throws DvsException {
        KernelCore kernel = large();
        kernel.proxiesBind("px", 1, 100, 1);
        kernel.nodeUp("node1", 1, 1);
        kernel.addNode(0, 1);
        Object[] held = new Object[2 * MEASURED];
        bind(kernel, style, MEASURED, 100, held);
        long before = used();
        bind(kernel, style, 0, MEASURED, held);
        long each = (used() - before) / MEASURED;
        System.out.println("a bound endpoint (" + style + ") costs " + each + " bytes");
        assertTrue(each > 0 && each <= LIMIT_BYTES, () -> each + " bytes each");
        assertEquals(MEASURED + 100, kernel.dc(0).bound());
        assertTrue(held[MEASURED - 1] != null);
        if (style == Style.WAITING) {
            assertEquals(ProcessFlags.RECEIVING, kernel.process(0, 0).flags());
        }
    }

    private static void bind(KernelCore kernel, Style style, int first, int count, Object[] held) throws DvsException {
        for (int endpoint = first; endpoint < first + count; endpoint++) {
            held[endpoint] = switch (style) {
                case THREAD -> kernel.bind(0, endpoint, "program", BindKind.SELF, LOCALNODE);
                case HANDLER -> kernel.bindHandler(0, endpoint, "program", (message, self) -> { });
                case ASYNC -> kernel.bindAsync(0, endpoint, "program", BindKind.SELF, LOCALNODE);
                case REMOTE -> kernel.rmtbind(0, endpoint, "program", 1);
                case WAITING -> Program.bind(kernel, 0, endpoint, BindKind.SELF, LOCALNODE).receive();
            };
        }
    }

    /** Bytes of the heap that are reachable: collected until nothing more goes. */
    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        LongSupplier now = () -> runtime.totalMemory() - runtime.freeMemory();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(least, now.getAsLong());
        }
        return least;
    }
}
