package org.dvs.registry.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Member;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.registry.internal.dc.DcRecord;
import org.dvs.registry.internal.kernel.Alignment.Refusal;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The alignment ... */
@Tag("R-CMD-12")
@Tag("R-CMD-18")
@Tag("R-CMD-19")
class AlignmentTest {
    private static final Member NODE0 = new Member(0, "node0");
    private static final DvsParameters DVS = DvsParameters.DEFAULT;
    private static final Set<Integer> OURS = Set.of(0, 1, 2);

    private final RecordingKernel kernel = new RecordingKernel();
    private final Alignment alignment = new Alignment();

    private static Wanted nothing() {
        return new Wanted(NODE0, Optional.empty(), OURS, new TreeMap<>(), new TreeMap<>());
    }

    /** @param nodes others that are there */
    private static Wanted wanted(DvsParameters dvs, List<Integer> nodes, DcRecord... dcs) {
        SortedMap<Integer, String> names = new TreeMap<>();
        nodes.forEach(id -> names.put(id, "node" + id));
        SortedMap<Integer, DcRecord> byId = new TreeMap<>();
        Arrays.asList(dcs).forEach(dc -> byId.put(dc.settings().dcid(), dc));
        return new Wanted(NODE0, Optional.of(dvs), OURS, names, byId);
    }

    private static DcRecord dc(int dcid, String name, long createdMs, Integer... nodes) {
        return new DcRecord(DcSettings.of(dcid, name, DVS), new TreeSet<>(List.of(nodes)), createdMs, "r");
    }

    private List<String> aligned(Wanted wanted, Integer... lost) {
        assertEquals(List.of(), alignment.align(kernel, wanted, Set.of(lost)));
        List<String> calls = kernel.calls();
        assertEquals(List.of(), alignment.align(kernel, wanted, Set.of()));
        assertEquals(List.of(), kernel.calls(), "the second time");
        return calls;
    }

    @Test
    void initialisesTheDvsAndTheDcsOfThisNode() {
        assertEquals(List.of(), aligned(nothing()));
        assertEquals(List.of("dvsInit 0 node0", "dcInit 0 a", "dcInit 3 b"),
                aligned(wanted(DVS, List.of(), dc(0, "a", 1, 0), dc(3, "b", 1, 0, 1))));
    }

    @Test
    void endsTheDvsAndInitialisesItAnewWithOtherParameters() {
        aligned(wanted(DVS, List.of(), dc(0, "a", 1, 0)));
        DvsParameters other = new DvsParameters("dvs", 16, 32, 221, 35, 64, 65_536, 1_048_576, 0);
        assertEquals(List.of("dvsEnd", "dvsInit 0 node0"), aligned(wanted(other, List.of())));
        assertEquals(List.of("dvsEnd"), aligned(nothing()));
    }

    @Test
    void endsDcsThatWereEndedOrThatThisNodeHasLeft() {
        aligned(wanted(DVS, List.of(), dc(0, "a", 1, 0), dc(3, "b", 1, 0)));
        assertEquals(List.of("dcEnd 3"), aligned(wanted(DVS, List.of(), dc(0, "a", 1, 0))));
    }

    @Test
    void tellsADcFromAnotherThatGotItsIdWithTheSameSettings() {
        aligned(wanted(DVS, List.of(), dc(0, "a", 1, 0)));
        assertEquals(List.of("dcEnd 0", "dcInit 0 a"), aligned(wanted(DVS, List.of(), dc(0, "a", 2, 0))));
    }

    @Test
    void givesANameToAnotherDcInOneGo() {
        aligned(wanted(DVS, List.of(), dc(5, "a", 1, 0)));
        assertEquals(List.of("dcEnd 5", "dcInit 0 a"), aligned(wanted(DVS, List.of(), dc(0, "a", 2, 0))));
    }

    @Test
    void takesOverWhatAnEarlierRegistryDidToTheKernel() {
        aligned(wanted(DVS, List.of(), dc(0, "a", 1, 0)));
        Alignment later = new Alignment();
        assertEquals(List.of(), later.align(kernel, wanted(DVS, List.of(), dc(0, "a", 1, 0)), Set.of()));
        assertEquals(List.of(), kernel.calls());
    }

    @Test
    void appliesEverythingAgainToANewKernel() {
        Wanted wanted = wanted(DVS, List.of(), dc(0, "a", 1, 0));
        aligned(wanted);
        RecordingKernel next = new RecordingKernel();
        assertEquals(List.of(), alignment.align(next, wanted, Set.of()));
        assertEquals(List.of("dvsInit 0 node0", "dcInit 0 a"), next.calls());
    }

    @Test
    void addsMembersOnlyWhenAProxyPairReachesThem() {
        Wanted wanted = wanted(DVS, List.of(1, 2), dc(0, "a", 1, 0, 1, 2));
        assertEquals(List.of("dvsInit 0 node0", "dcInit 0 a"), aligned(wanted));
        kernel.pair(2);
        assertEquals(List.of("nodeUp node2 2 2", "addNode 0 2"), aligned(wanted));
    }

    @Test
    void addsAMemberThatSomebodyElseBroughtUp() throws DvsException {
        Wanted wanted = wanted(DVS, List.of(1), dc(0, "a", 1, 0, 1));
        aligned(wanted);
        kernel.pair(7);
        kernel.nodeUp("node1", 1, 7);
        kernel.calls();
        assertEquals(List.of("addNode 0 1"), aligned(wanted));
    }

    @Test
    void deletesMembersThatWereDeleted() {
        aligned(wanted(DVS, List.of(1), dc(0, "a", 1, 0, 1), dc(1, "b", 1, 0, 1)));
        kernel.pair(1);
        aligned(wanted(DVS, List.of(1), dc(0, "a", 1, 0, 1), dc(1, "b", 1, 0, 1)));
        assertEquals(List.of("delNode 1 1"), aligned(wanted(DVS, List.of(1), dc(0, "a", 1, 0, 1), dc(1, "b", 1, 0))));
    }

    private Wanted twoNodesUp() throws DvsException {
        Wanted wanted = wanted(DVS, List.of(1, 2), dc(0, "a", 1, 0, 1, 2));
        aligned(wanted);
        kernel.pair(1);
        kernel.pair(6);
        kernel.nodeUp("node2", 2, 6);
        aligned(wanted);
        return wanted;
    }

    @Test
    void takesALostNodeDownAndBringsItUpWithItsPairWhenItIsBack() throws DvsException {
        Wanted wanted = twoNodesUp();
        assertEquals(List.of("nodeDown 2"), aligned(wanted(DVS, List.of(1), dc(0, "a", 1, 0, 1, 2)), 2));
        assertEquals(List.of("nodeUp node2 2 6", "addNode 0 2"), aligned(wanted));
    }

    @Test
    void takesANodeDownThatWasLostAndIsBackAlready() throws DvsException {
        Wanted wanted = twoNodesUp();
        assertEquals(List.of("nodeDown 1", "nodeUp node1 1 1", "addNode 0 1"), aligned(wanted, 1));
    }

    @Test
    void takesANodeDownOnWhichTheDvsEnded() throws DvsException {
        twoNodesUp();
        assertEquals(List.of("nodeDown 1"), aligned(wanted(DVS, List.of(2), dc(0, "a", 1, 0, 2))));
    }

    @Test
    void leavesNodesAloneThatAreNotOfTheCluster() throws DvsException {
        Wanted wanted = twoNodesUp();
        kernel.pair(9);
        kernel.nodeUp("virtual", 9, 9);
        kernel.addNode(0, 9);
        kernel.calls();
        assertEquals(List.of(), aligned(wanted));
    }

    @Test
    void doesTheRestWhenTheKernelRefusesOneThing() {
        kernel.fail("dcInit 0", ErrorCode.ALLOCMEM);
        Wanted wanted = wanted(DVS, List.of(), dc(0, "a", 1, 0), dc(3, "b", 1, 0));
        List<Refusal> refusals = alignment.align(kernel, wanted, Set.of());
        assertEquals(List.of("initialising DC 0 'a'"), refusals.stream().map(Refusal::what).toList());
        assertEquals(ErrorCode.ALLOCMEM, refusals.get(0).why().code());
        assertEquals(List.of("dvsInit 0 node0", "dcInit 3 b"), kernel.calls());
        kernel.work();
        assertEquals(List.of("dcInit 0 a"), aligned(wanted));
    }

    @Test
    void goesNoFurtherWhereTheDvsCannotBeInitialised() {
        kernel.fail("dvsInit", ErrorCode.ALLOCMEM);
        assertEquals(1, alignment.align(kernel, wanted(DVS, List.of(), dc(0, "a", 1, 0)), Set.of()).size());
        assertEquals(List.of(), kernel.calls());
        assertThrows(DvsException.class, kernel::dvs);
    }

    @Test
    void shortensNamesForTheKernel() {
        Member rack = new Member(0, "node-of-the-third-rack");
        Wanted wanted = new Wanted(rack, Optional.of(DVS), OURS, new TreeMap<>(), new TreeMap<>());
        assertEquals(List.of("dvsInit 0 node-of-the-thi"), aligned(wanted));
    }
}
