package org.dvs.cluster.jgroups.internal.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.dvs.cluster.jgroups.internal.order.Peer;
import org.jgroups.Address;
import org.jgroups.View;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Parts of the cluster that meet and have nodes with one id. Members are written {@code id.incarnation}. */
class DoublesTest {
    private static final long PATIENCE = 1_000;

    private final Set<String> voters = new HashSet<>(Set.of("node0", "node1", "node2"));
    private final Set<Peer> gone = new HashSet<>();
    private long now;
    private int lost;

    private final Doubles doubles = new Doubles(new Rivalry() {
        @Override
        public boolean majority(Collection<String> names) {
            return voters.stream().filter(names::contains).count() * 2 > voters.size();
        }

        @Override
        public void lost() {
            lost++;
        }
    }, gone::contains, PATIENCE, () -> now);

    private static Address address(String member) {
        int id = Integer.parseInt(member.substring(0, 1));
        return NodeAddress.of(new Peer(id, Integer.parseInt(member.substring(2))), "node" + id);
    }

    private static View view(long number, String... members) {
        List<Address> all = new ArrayList<>();
        for (String member : members) {
            all.add(address(member));
        }
        return new View(all.get(0), number, all);
    }

    private static String text(Address address) {
        return NodeAddress.peer(address).map(peer -> peer.id() + "." + peer.incarnation()).orElseThrow();
    }

    /** What is merged, by who told it. */
    private Map<String, List<String>> merged(String self, Map<String, View> views) {
        Map<Address, View> told = new HashMap<>();
        views.forEach((teller, view) -> told.put(address(teller), view));
        Map<String, List<String>> left = new TreeMap<>();
        doubles.without(address(self), told).forEach((teller, view) -> left.put(text(teller),
                view.getMembers().stream().map(DoublesTest::text).toList()));
        return left;
    }

    @Test
    void mergesWhatHasNoIdTwice() {
        assertEquals(Map.of("0.1", List.of("0.1", "1.1"), "2.1", List.of("2.1")),
                merged("2.1", Map.of("0.1", view(4, "0.1", "1.1"), "2.1", view(5, "2.1"))));
    }

    @Test
    @Tag("R-CMD-18")
    void leavesOutWhoHasAnIdOfTheMajorityThoughItsPartIsLarger() {
        Map<String, View> met = Map.of("0.1", view(4, "0.1", "2.1"), "5.1", view(9, "5.1", "6.1", "2.2", "7.1"));
        assertEquals(Map.of("0.1", List.of("0.1", "2.1"), "5.1", List.of("5.1", "6.1", "7.1")), merged("0.1", met));
    }

    @Test
    void leavesOutThePartThatItsCoordinatorMayNotBring() {
        Map<String, View> met = Map.of("0.1", view(4, "0.1", "1.1", "2.1"), "2.2", view(9, "2.2"));
        assertEquals(Map.of("0.1", List.of("0.1", "1.1", "2.1")), merged("0.1", met));
    }

    @Test
    void keepsTheOneOfTheLargerPartWhereNobodyHasAMajority() {
        voters.addAll(Set.of("node7", "node8"));
        Map<String, View> met = Map.of("0.1", view(9, "0.1", "2.2"), "4.1", view(4, "4.1", "2.1", "5.1"));
        assertEquals(Map.of("0.1", List.of("0.1"), "4.1", List.of("4.1", "2.1", "5.1")), merged("0.1", met));
    }

    @Test
    void keepsTheOneOfTheLargerOfTwoClustersThatBothKnowAMajority() {
        voters.retainAll(Set.of("node2"));
        Map<String, View> met = Map.of("0.1", view(4, "0.1", "1.1", "2.1"), "2.2", view(9, "2.2"));
        assertEquals(Set.of("0.1"), merged("2.2", met).keySet());
    }

    @Test
    void takesOfTwoViewsWithAMajorityTheLaterThoughItIsSmaller() {
        Map<String, View> met = Map.of("1.1", view(4, "0.1", "1.1", "2.1", "3.1"), "0.1", view(6, "0.1", "1.1", "2.2"));
        assertEquals(Map.of("1.1", List.of("0.1", "1.1", "3.1"), "0.1", List.of("0.1", "1.1", "2.2")), merged("2.2", met));
        now += 10 * PATIENCE;
        merged("2.2", met);
        assertEquals(0, lost, "what 1.1 still has is its former run");
    }

    @Test
    void doesNotCountWhatANodeWasBefore() {
        gone.add(new Peer(2, 1));
        Map<String, View> met = Map.of("0.1", view(4, "0.1", "1.1", "2.1"), "2.2", view(5, "2.2"));
        assertEquals(2, merged("2.2", met).size());
    }

    @Test
    @Tag("R-CMD-18")
    void givesWayOnlyToOneThatStaysLongerThanADeadOneWould() {
        Map<String, View> met = Map.of("0.1", view(4, "0.1", "1.1", "2.1"), "2.2", view(1, "2.2"));
        merged("2.2", met);
        now += PATIENCE;
        merged("2.2", met);
        assertEquals(0, lost);
        now++;
        merged("2.2", Map.of("0.1", view(5, "0.1", "1.1"), "2.2", view(1, "2.2")));
        merged("2.2", met);
        now += PATIENCE;
        merged("2.2", met);
        assertEquals(0, lost, "it was gone, and is counted anew");
        doubles.forget();
        now++;
        merged("2.2", met);
        assertEquals(0, lost, "this node's view has changed since");
        now += PATIENCE + 1;
        merged("2.2", met);
        assertEquals(1, lost);
    }

    @Test
    void theBetterOneNeverGivesWay() {
        Map<String, View> met = Map.of("0.1", view(4, "0.1", "1.1", "2.1"), "2.2", view(1, "2.2"));
        merged("2.1", met);
        now += 10 * PATIENCE;
        merged("2.1", met);
        assertEquals(0, lost);
    }
}
