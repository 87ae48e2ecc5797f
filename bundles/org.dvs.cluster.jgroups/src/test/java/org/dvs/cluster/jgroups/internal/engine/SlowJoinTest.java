package org.dvs.cluster.jgroups.internal.engine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

import org.dvs.cluster.api.Change;
import org.dvs.cluster.jgroups.internal.engine.TestNodes.Node;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.Protocol;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that joins while the coordinator is slow. */
class SlowJoinTest {
    private static final int LATE = 2;

    @TempDir
    Path folder;

    /** Two nodes that have joined; the first is the coordinator, at whose door node 2 will wait. */
    private static List<Node> two(TestNodes nodes, SlowDoor door) throws Exception {
        return two(nodes, door.belowGms());
    }

    private static List<Node> two(TestNodes nodes, UnaryOperator<List<Protocol>> door) throws Exception {
        List<Node> both = List.of(nodes.make(0, nodes.authority.node(0), nodes.settings(0, List.of("node0")), door),
                nodes.make(1, nodes.authority.node(1), nodes.settings(1, List.of()), UnaryOperator.identity()));
        TestNodes.join(both);
        assertEquals(0, both.get(0).engine.view().coordinator());
        return both;
    }

    private static Node late(TestNodes nodes, UnaryOperator<List<Protocol>> change) {
        return nodes.make(LATE, nodes.authority.node(LATE), nodes.settings(LATE, List.of()), change);
    }

    /** All go on: each hears what each says, and a change is agreed. */
    private static void goOn(List<Node> both, Node late) throws Exception {
        late.engine.joined().get(60, TimeUnit.SECONDS);
        List<Node> all = new ArrayList<>(both);
        all.add(late);
        TestNodes.together(all);
        for (Node node : all) {
            node.say("here");
        }
        await().atMost(TestNodes.LONG).pollInterval(Duration.ofMillis(10)).until(() -> all.stream()
                .allMatch(node -> node.messages().containsAll(List.of("0:here", "1:here", "2:here"))));
        assertEquals(1, late.engine.state().commit(new Change().put("dvs/late", new byte[1])).handle((version, why) -> {
            assertEquals(null, why);
            return 1;
        }).get(20, TimeUnit.SECONDS));
        for (Node node : both) {
            assertEquals(List.of("JOIN[2]"), node.kinds(0).stream().filter(kind -> kind.contains("2")).toList(),
                    "came once and never went");
        }
    }

    @Test
    @Tag("R-CMD-18")
    void asksAgainUnderTheSameAddressWhileItsCoordinatorIsThere() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            SlowDoor door = new SlowDoor(LATE, 3, 1);
            List<Node> both = two(nodes, door);
            Node late = late(nodes, UnaryOperator.identity());
            late.engine.start();
            goOn(both, late);
            assertTrue(door.opened());
            assertEquals(1, door.addresses());
        }
    }

    /** JGroups founds a cluster of one when ten requests were not answered. */
    @Test
    @Tag("R-CMD-18")
    void neverFoundsAClusterForItselfHoweverOftenItWasNotAnswered() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            SlowDoor door = new SlowDoor(LATE, 25, 1);
            List<Node> both = two(nodes, door);
            Node late = late(nodes, protocols -> {
                protocols.stream().filter(GMS.class::isInstance).map(GMS.class::cast).forEach(gms -> gms.setJoinTimeout(200));
                return protocols;
            });
            late.engine.start();
            goOn(both, late);
            assertTrue(door.opened());
            assertEquals("view [0, 1, 2]", late.heard.get(0), "its first view");
        }
    }

    @Test
    @Tag("R-CMD-18")
    void getsRidOfItsFormerSelfThatIsLetInAfterAll() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            SlowDoor door = new SlowDoor(LATE, 2, 2);
            List<Node> both = two(nodes, door);
            AtomicBoolean first = new AtomicBoolean(true);
            Node late = late(nodes, protocols -> first.getAndSet(false) ? new DeafAfterAsking().above(protocols) : protocols);
            late.engine.start();
            goOn(both, late);
            assertTrue(door.opened());
            assertEquals(2, door.addresses(), "no more than it was made to");
        }
    }

    @Test
    @Tag("R-CMD-18")
    void isNotRefusedForItsFormerSelfThatCameInBeforeItAskedAgain() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            SlowDoor door = new SlowDoor(LATE, 2, 2).firstOnly();
            List<Node> both = two(nodes, door.belowTheDoorkeeper());
            AtomicBoolean first = new AtomicBoolean(true);
            Node late = late(nodes, protocols -> first.getAndSet(false) ? new DeafAfterAsking().above(protocols) : protocols);
            late.engine.start();
            late.engine.joined().get(60, TimeUnit.SECONDS);
            List<Node> all = new ArrayList<>(both);
            all.add(late);
            TestNodes.together(all);
            assertTrue(door.opened());
            assertEquals(2, door.addresses(), "one that is refused begins anew, as a third");
        }
    }

    @Test
    @Tag("R-CMD-18")
    void takesTheSeatOfAFormerRunThatIsLetInAfterItsEnd() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            SlowDoor door = new SlowDoor(LATE, 2, 2);
            List<Node> both = two(nodes, door);
            Node former = late(nodes, UnaryOperator.identity());
            former.engine.start();
            await().atMost(TestNodes.LONG).until(() -> door.addresses() == 1);
            former.engine.close();
            Node late = late(nodes, UnaryOperator.identity());
            late.engine.start();
            goOn(both, late);
            assertTrue(door.opened());
        }
    }
}
