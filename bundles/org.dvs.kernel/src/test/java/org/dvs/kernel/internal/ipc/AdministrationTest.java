package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.dvs.kernel.api.EndpointNumbers.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcInfo;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.NodeInfo;
import org.dvs.kernel.api.ProxyFlags;
import org.dvs.kernel.api.ProxyInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** DVS, DCs, nodes and pairs: dvs-kernel reference 11. */
@Tag("R-CMD-11")
@Tag("R-CMD-12")
@Tag("R-PXY-12")
@Tag("R-PXY-13")
class AdministrationTest {
    private static final DvsParameters DVS = DvsParameters.DEFAULT;

    private final TestKernels kernels = new TestKernels();
    private final KernelCore kernel = kernels.bare();

    @AfterEach
    void stop() {
        kernels.close();
    }

    private void init() throws DvsException {
        assertEquals(0, kernel.dvsInit(0, "node0", DVS));
    }

    private static DcSettings dc(int dcid, String name) {
        return DcSettings.of(dcid, name, DVS);
    }

    // ---- the DVS

    private interface Call {
        void on(KernelCore kernel) throws DvsException;
    }

    static Stream<Call> withoutADvs() {
        return Stream.of(KernelCore::dvsEnd, KernelCore::dvs, KernelCore::localNode, k -> k.dcInit(dc(0, "a")), k -> k.dcEnd(0),
                k -> k.dc(0), KernelCore::dcs, k -> k.addNode(0, 1), k -> k.delNode(0, 1), k -> k.nodeUp("n", 1, 1), k -> k.nodeDown(1),
                k -> k.node(1), KernelCore::nodes, k -> k.proxiesBind("p", 1, 1, 1), k -> k.proxy(1), KernelCore::proxies,
                k -> k.rmtbind(0, 1, "p", 1), k -> TestKernels.bind(k, 1), k -> k.unbind(0, 1), k -> k.wakeup(0, 1), k -> k.hdwNotify(0, 1),
                k -> k.process(0, 1), k -> k.processes(0), k -> k.privileges(0, 1), k -> k.migrateStart(0, 1), k -> k.migrateCommit(1, 0, 1, 1),
                k -> k.migrateRollback(0, 1));
    }

    @ParameterizedTest
    @MethodSource("withoutADvs")
    void nothingWorksBeforeTheDvsIsInitialised(Call call) {
        TestKernels.refused(ErrorCode.DVSINIT, () -> call.on(kernel));
    }

    @Test
    void aDvsIsInitialisedOnceAndAgainAfterItsEnd() throws DvsException {
        TestKernels.refused(ErrorCode.BADNODEID, () -> kernel.dvsInit(32, "node32", DVS));
        TestKernels.refused(ErrorCode.BADNODEID, () -> kernel.dvsInit(-1, "node", DVS));
        TestKernels.refused(ErrorCode.BADRANGE, () -> kernel.dvsInit(0, "node", new DvsParameters("d", 0, 1, 1, 1, 2, 1, 1, 0)));
        init();
        assertEquals(DVS, kernel.dvs());
        assertEquals(0, kernel.localNode());
        TestKernels.refused(ErrorCode.DVSBUSY, this::init);
        kernel.dvsEnd();
        assertEquals(31, kernel.dvsInit(31, "node31", DVS));
        assertEquals(31, kernel.localNode());
        NodeInfo local = kernel.node(LOCALNODE);
        assertEquals(31, local.id());
        assertEquals("node31", local.name());
        assertEquals(LOCALNODE, local.proxy());
        TestKernels.refused(ErrorCode.BADNODEID, () -> kernel.node(32));
        TestKernels.refused(ErrorCode.BADNODEID, () -> kernel.node(-2));
    }

    // ---- DCs

    static Stream<Arguments> badDcs() {
        return Stream.of(
                Arguments.of(new DcSettings(32, "a", 221, 35, 64, 32, NONE, -1, false), ErrorCode.BADRANGE),
                Arguments.of(new DcSettings(-1, "a", 221, 35, 64, 32, NONE, -1, false), ErrorCode.BADRANGE),
                Arguments.of(new DcSettings(0, "0123456789abcdef", 221, 35, 64, 32, NONE, -1, false), ErrorCode.NAMESIZE),
                Arguments.of(new DcSettings(0, "", 221, 35, 64, 32, NONE, -1, false), ErrorCode.BADVALUE),
                Arguments.of(new DcSettings(0, "a", 222, 35, 64, 32, NONE, -1, false), ErrorCode.BADRANGE),
                Arguments.of(new DcSettings(0, "a", 0, 35, 64, 32, NONE, -1, false), ErrorCode.BADRANGE),
                Arguments.of(new DcSettings(0, "a", 221, 36, 64, 32, NONE, -1, false), ErrorCode.BADRANGE),
                Arguments.of(new DcSettings(0, "a", 221, 35, 65, 32, NONE, -1, false), ErrorCode.BADRANGE),
                Arguments.of(new DcSettings(0, "a", 221, 35, 35, 32, NONE, -1, false), ErrorCode.BADRANGE),
                Arguments.of(new DcSettings(0, "a", 20, 35, 55, 32, NONE, -1, false), ErrorCode.BADRANGE),
                Arguments.of(new DcSettings(0, "a", 221, 35, 64, 33, NONE, -1, false), ErrorCode.BADRANGE),
                Arguments.of(new DcSettings(0, "a", 221, 35, 64, 0, NONE, -1, false), ErrorCode.BADRANGE),
                Arguments.of(new DcSettings(0, "a", 221, 35, 64, 32, 221, -1, false), ErrorCode.BADRANGE));
    }

    @ParameterizedTest
    @MethodSource("badDcs")
    void aDcWithLimitsBeyondTheDvsIsRefused(DcSettings settings, ErrorCode code) throws DvsException {
        init();
        TestKernels.refused(code, () -> kernel.dcInit(settings));
        assertTrue(kernel.dcs().isEmpty());
    }

    @Test
    void aDcIsKnownByItsIdAndItsName() throws DvsException {
        init();
        kernel.dcInit(dc(3, "web"));
        kernel.dcInit(dc(1, "db"));
        TestKernels.refused(ErrorCode.RSCBUSY, () -> kernel.dcInit(dc(3, "other")));
        TestKernels.refused(ErrorCode.RSCBUSY, () -> kernel.dcInit(dc(4, "web")));
        assertEquals(List.of(1, 3), kernel.dcs().stream().map(info -> info.settings().dcid()).toList());
        DcInfo info = kernel.dc(3);
        assertEquals(dc(3, "web"), info.settings());
        assertEquals(DcInfo.RUNNING, info.flags());
        assertTrue(info.nodes().get(0));
        assertEquals(1, info.nodes().cardinality());
        assertTrue(kernel.node(0).dcs().get(1));
        TestKernels.refused(ErrorCode.BADDCID, () -> kernel.dc(32));
        TestKernels.refused(ErrorCode.BADDCID, () -> kernel.dc(-1));
        TestKernels.refused(ErrorCode.DCNOTRUN, () -> kernel.dc(0));
        TestKernels.refused(ErrorCode.BADDCID, () -> kernel.dcEnd(32));
        TestKernels.refused(ErrorCode.DCNOTRUN, () -> kernel.dcEnd(0));
        kernel.dcEnd(3);
        TestKernels.refused(ErrorCode.DCNOTRUN, () -> kernel.dc(3));
        assertFalse(kernel.node(0).dcs().get(3));
        kernel.dcInit(dc(3, "web"));
    }

    @Test
    void processesOfDifferentDcsCannotTalk() throws DvsException {
        init();
        kernel.dcInit(dc(0, "a"));
        kernel.dcInit(dc(1, "b"));
        Program a = Program.bind(kernel, 0, 10, BindKind.SELF, LOCALNODE);
        Program b = Program.bind(kernel, 1, 11, BindKind.SELF, LOCALNODE);
        a.send(11, 1).fails(ErrorCode.DSTDIED);
        Heard received = b.receive(10);
        received.fails(ErrorCode.SRCDIED);
    }

    // ---- nodes and pairs

    @Test
    void theOrderOfStepsIsPairThenNodeThenMemberThenStub() throws DvsException {
        init();
        kernel.dcInit(dc(0, "a"));
        TestKernels.refused(ErrorCode.NODEFREE, () -> kernel.addNode(0, 1));
        TestKernels.refused(ErrorCode.NOPROXY, () -> kernel.nodeUp("node1", 1, 1));
        kernel.proxiesBind("to-node1", 1, 65_536, 10);
        kernel.nodeUp("node1", 1, 1);
        TestKernels.refused(ErrorCode.NODCNODE, () -> kernel.rmtbind(0, 5, "p", 1));
        kernel.addNode(0, 1);
        // The proxies need not be connected, only bound.
        kernel.rmtbind(0, 5, "p", 1);
        kernel.nodeUp("again", 1, 1);
        assertEquals("again", kernel.node(1).name());
        assertEquals(List.of(0, 1), kernel.nodes().stream().map(NodeInfo::id).toList());
    }

    @Test
    void addAndDelNodeTellWhatIsWrong() throws DvsException {
        init();
        kernel.dcInit(new DcSettings(0, "a", 221, 35, 64, 2, NONE, -1, false));
        kernel.proxiesBind("px", 1, 100, 1);
        kernel.nodeUp("node1", 1, 1);
        kernel.nodeUp("node2", 2, 1);
        for (int node : new int[] {0, -1, 32}) {
            TestKernels.refused(ErrorCode.BADNODEID, () -> kernel.addNode(0, node));
            TestKernels.refused(ErrorCode.BADNODEID, () -> kernel.delNode(0, node));
            TestKernels.refused(ErrorCode.BADNODEID, () -> kernel.nodeDown(node));
            TestKernels.refused(ErrorCode.BADNODEID, () -> kernel.nodeUp("n", node, 1));
        }
        TestKernels.refused(ErrorCode.BADDCID, () -> kernel.addNode(32, 1));
        TestKernels.refused(ErrorCode.DCNOTRUN, () -> kernel.addNode(5, 1));
        TestKernels.refused(ErrorCode.BADDCID, () -> kernel.delNode(32, 1));
        TestKernels.refused(ErrorCode.DCNOTRUN, () -> kernel.delNode(5, 1));
        TestKernels.refused(ErrorCode.NODEFREE, () -> kernel.delNode(0, 3));
        TestKernels.refused(ErrorCode.NODCNODE, () -> kernel.delNode(0, 1));
        kernel.addNode(0, 1);
        TestKernels.refused(ErrorCode.DCNODE, () -> kernel.addNode(0, 1));
        TestKernels.refused(ErrorCode.RSCBUSY, () -> kernel.addNode(0, 2));
        kernel.delNode(0, 1);
        kernel.addNode(0, 2);
        TestKernels.refused(ErrorCode.NODEFREE, () -> kernel.nodeDown(3));
        TestKernels.refused(ErrorCode.PROXYID, () -> kernel.nodeUp("n", 3, 32));
        TestKernels.refused(ErrorCode.PROXYID, () -> kernel.nodeUp("n", 3, -1));
        TestKernels.refused(ErrorCode.NAMESIZE, () -> kernel.nodeUp("0123456789abcdef", 3, 1));
    }

    @Test
    void aPairHasALimitOfItsOwnWithinThatOfTheDvs() throws DvsException {
        init();
        TestKernels.refused(ErrorCode.PROXYID, () -> kernel.proxiesBind("px", 32, 100, 1));
        TestKernels.refused(ErrorCode.PROXYID, () -> kernel.proxiesBind("px", -1, 100, 1));
        TestKernels.refused(ErrorCode.TOOBIG, () -> kernel.proxiesBind("px", 1, 65_537, 1));
        TestKernels.refused(ErrorCode.BADRANGE, () -> kernel.proxiesBind("px", 1, 0, 1));
        TestKernels.refused(ErrorCode.BADRANGE, () -> kernel.proxiesBind("px", 1, 100, 0));
        TestKernels.refused(ErrorCode.NAMESIZE, () -> kernel.proxiesBind("0123456789abcdef", 1, 100, 1));
        kernel.proxiesBind("px", 1, 100, 7);
        TestKernels.refused(ErrorCode.RSCBUSY, () -> kernel.proxiesBind("px", 1, 100, 1));
        ProxyInfo info = kernel.proxy(1);
        assertEquals(100, info.maxBytes());
        assertEquals(7, info.maxBatch());
        assertEquals(ProxyFlags.IN_USE, info.flags());
        TestKernels.refused(ErrorCode.PROXYID, () -> kernel.proxy(32));
        TestKernels.refused(ErrorCode.PROXYFREE, () -> kernel.proxy(2));
    }
}
