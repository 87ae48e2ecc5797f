package org.dvs.registry.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Change;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.View;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Kernel;
import org.dvs.registry.internal.DvsTable;
import org.dvs.registry.internal.Refresh;
import org.dvs.registry.internal.dc.DcTable;
import org.dvs.testkit.ImmediateCluster;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The care for a kernel ... */
@Tag("R-CMD-12")
@Tag("R-CMD-18")
@Tag("R-CMD-19")
class KernelCareTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final DvsParameters DVS = DvsParameters.DEFAULT;
    private static final Member NODE0 = new Member(0, "node0");
    private static final Member NODE1 = new Member(1, "node1");
    private static final Member NODE2 = new Member(2, "node2");

    private final ImmediateCluster cluster = new ImmediateCluster();
    private final RecordingKernel kernel = new RecordingKernel();
    private final AtomicReference<Kernel> running = new AtomicReference<>(kernel);
    private final KernelCare care = care(NODE0);

    private KernelCare care(Member local) {
        return new KernelCare(cluster, local, () -> Optional.ofNullable(running.get()));
    }

    private DcTable dcs(Member local) {
        return new DcTable(cluster.state(), local,
                new Refresh(cluster.state(), local, () -> CompletableFuture.completedFuture(null), System::nanoTime),
                System::nanoTime, System::currentTimeMillis);
    }

    private List<String> calls() throws DvsException {
        care.run();
        return kernel.calls();
    }

    private void threeNodes() throws Exception {
        cluster.members(true, NODE1, NODE2);
        for (Member member : List.of(NODE0, NODE1, NODE2)) {
            new DvsTable(cluster.state(), member, System::nanoTime).init(DVS, LIMIT);
        }
    }

    /** Node 2 is up in the kernel of node 0, and a member of its DC 0. */
    private void node2InADc() throws Exception {
        threeNodes();
        dcs(NODE0).init(DcSettings.of(0, "web", DVS), "r1", LIMIT);
        dcs(NODE0).addNode(0, 2, "r2", LIMIT);
        calls();
        kernel.pair(2);
        assertEquals(List.of("nodeUp node2 2 2", "addNode 0 2"), calls());
    }

    @Test
    void letsWhatOneNodeDoesHoldOnTheKernelOfAnother() throws Exception {
        threeNodes();
        dcs(NODE1).init(DcSettings.of(0, "web", DVS), "r1", LIMIT);
        assertEquals(List.of("dvsInit 0 node0"), calls());
        dcs(NODE1).addNode(0, 0, "r2", LIMIT);
        kernel.pair(1);
        assertEquals(List.of("nodeUp node1 1 1", "dcInit 0 web", "addNode 0 1"), calls());
        dcs(NODE2).end(0, "r3", LIMIT);
        assertEquals(List.of("dcEnd 0"), calls());
    }

    @Test
    void startsOnceAMajorityHasToldWhatIsAgreedAndGoesOnWithoutOne() throws Exception {
        threeNodes();
        dcs(NODE0).init(DcSettings.of(0, "web", DVS), "r1", LIMIT);
        cluster.members(false);
        assertEquals(ErrorCode.NOTREADY, assertThrows(DvsException.class, care::run).code());
        assertEquals(List.of(), kernel.calls());
        cluster.members(true, NODE1, NODE2);
        assertEquals(List.of("dvsInit 0 node0", "dcInit 0 web"), calls());
        kernel.pair(1);
        assertEquals(List.of("nodeUp node1 1 1"), calls());
        cluster.members(false);
        assertEquals(List.of("nodeDown 1"), calls());
    }

    @Test
    void takesANodeDownThatWentAndCameBackBeforeItLooked() throws Exception {
        node2InADc();
        View with = cluster.view();
        View without = new View(with.id() + 1, List.of(NODE0, NODE1), 0, true);
        care.happened(new ViewEvent(ViewEvent.Kind.DISCONNECT, with, without, List.of(NODE2)));
        care.happened(new ViewEvent(ViewEvent.Kind.JOIN, without, with, List.of(NODE2)));
        assertEquals(List.of("nodeDown 2", "nodeUp node2 2 2", "addNode 0 2"), calls());
        assertEquals(List.of(), calls());
    }

    @Test
    void leavesASilentNodeAsItIsUntilItIsKnownToBeAnotherOneOrGone() throws Exception {
        node2InADc();
        View with = cluster.view();
        View without = new View(with.id() + 1, List.of(NODE0, NODE1), 0, true);
        ViewEvent silent = new ViewEvent(ViewEvent.Kind.PARTITION, with, without, List.of(NODE2));
        care.happened(silent);
        cluster.members(true, NODE1);
        assertEquals(List.of(), calls(), "it is silent");
        care.happened(new ViewEvent(ViewEvent.Kind.MERGE, without, with, List.of(NODE2)));
        cluster.members(true, NODE1, NODE2);
        assertEquals(List.of(), calls(), "it is back as it was");
        care.happened(silent);
        care.happened(new ViewEvent(ViewEvent.Kind.JOIN, without, with, List.of(NODE2)));
        assertEquals(List.of("nodeDown 2", "nodeUp node2 2 2", "addNode 0 2"), calls(), "it is back as another one");
        care.happened(silent);
        cluster.members(true, NODE1);
        care.happened(new ViewEvent(ViewEvent.Kind.DISCONNECT, with, without, List.of(NODE2)));
        assertEquals(List.of("nodeDown 2"), calls(), "its process has ended");
    }

    @Test
    void givesANewKernelEverythingAndWaitsForOneWithoutFailing() throws Exception {
        threeNodes();
        dcs(NODE0).init(DcSettings.of(0, "web", DVS), "r1", LIMIT);
        running.set(null);
        care.run();
        running.set(kernel);
        assertEquals(List.of("dvsInit 0 node0", "dcInit 0 web"), calls());
        RecordingKernel next = new RecordingKernel();
        running.set(next);
        care.run();
        assertEquals(List.of("dvsInit 0 node0", "dcInit 0 web"), next.calls());
    }

    @Test
    void saysWhatTheKernelRefuses() throws Exception {
        threeNodes();
        dcs(NODE0).init(DcSettings.of(0, "web", DVS), "r1", LIMIT);
        dcs(NODE0).init(DcSettings.of(1, "shop", DVS), "r2", LIMIT);
        kernel.fail("dcInit", ErrorCode.ALLOCMEM);
        DvsException refused = assertThrows(DvsException.class, care::run);
        assertEquals(ErrorCode.ALLOCMEM, refused.code());
        assertEquals("this node's kernel is not as agreed: initialising DC 0 'web': told to refuse dcInit 0 web (and 1 more)",
                refused.getMessage());
    }

    @Test
    void leavesTheKernelAloneWhenSomethingAgreedCannotBeRead() throws Exception {
        threeNodes();
        dcs(NODE0).init(DcSettings.of(0, "web", DVS), "r1", LIMIT);
        calls();
        cluster.state().commit(new Change().put("dc/id/0", new byte[] {9})).join();
        assertEquals(ErrorCode.GENERIC, assertThrows(DvsException.class, care::run).code());
        assertEquals(List.of(), kernel.calls());
    }
}
