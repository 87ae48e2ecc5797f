package org.dvs.cluster.jgroups.internal.transport;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.jgroups.internal.order.Peer;
import org.jgroups.Address;
import org.jgroups.EmptyMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.ByteArray;
import org.jgroups.util.Util;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The doorkeeper, between two protocols that note what it passes on. */
class DoorkeeperTest {
    private static final short GMS_ID = ClassConfigurator.getProtocolId(GMS.class);
    private static final Peer A = new Peer(0, 11);
    private static final Peer B = new Peer(1, 22);
    private static final Peer FORMER_B = new Peer(1, 21);
    private static final Peer C = new Peer(2, 33);

    private final List<String> up = new ArrayList<>();
    private final List<String> down = new ArrayList<>();
    private final List<Peer> left = new ArrayList<>();
    private final List<ErrorCode> refused = new ArrayList<>();
    private boolean lost;

    private final class Listener implements LinkListener {
        @Override
        public void up(NodeIdentity node) {
            throw new AssertionError("no links here");
        }

        @Override
        public void broken(NodeIdentity node) {
            throw new AssertionError("no links here");
        }

        @Override
        public void leaving(Peer peer) {
            left.add(peer);
        }

        @Override
        public void refused(boolean calling, DvsException why) {
            refused.add(why.code());
        }
    }

    /** Notes messages as {@code type member -> destination}, and suspicions. */
    private static final class Note extends Protocol {
        private final List<String> noted;

        Note(List<String> noted) {
            this.noted = noted;
        }

        private Object note(Message message) {
            GMS.GmsHeader header = message.getHeader(GMS_ID);
            noted.add(header.getType() + " " + name(header.getMember()) + " -> " + name(message.getDest()));
            return null;
        }

        private Object note(Event event) {
            noted.add(event.getType() == Event.SUSPECT
                    ? "suspect " + name(((List<?>) event.getArg()).get(0)) : Event.type2String(event.getType()));
            return null;
        }

        @Override
        public Object up(Message message) {
            return note(message);
        }

        @Override
        public Object down(Message message) {
            return note(message);
        }

        @Override
        public Object up(Event event) {
            return note(event);
        }

        @Override
        public Object down(Event event) {
            return note(event);
        }
    }

    private final class NoMajority implements Rivalry {
        @Override
        public boolean majority(Collection<String> names) {
            return false;
        }

        @Override
        public void lost() {
            lost = true;
        }
    }

    private static String name(Object address) {
        return NodeAddress.peer((Address) address).map(peer -> peer.id() + "/" + peer.incarnation()).orElse("all");
    }

    private static Address address(Peer peer) {
        return NodeAddress.of(peer, "node" + peer.id());
    }

    private Doorkeeper of(Peer self, Set<Peer> former) {
        Doorkeeper keeper = new Doorkeeper(joiner -> Optional.empty(), new Listener(), () -> former, new NoMajority(), 0,
                System::nanoTime);
        keeper.setAddress(address(self));
        keeper.setProtocolStack(new ProtocolStack());
        keeper.setUpProtocol(new Note(up));
        keeper.setDownProtocol(new Note(down));
        return keeper;
    }

    private static Event view(Peer... peers) {
        List<Address> members = new ArrayList<>();
        for (Peer peer : peers) {
            members.add(address(peer));
        }
        return new Event(Event.VIEW_CHANGE, new View(members.get(0), 7, members));
    }

    private static Message leave(Peer speaker, Peer leaver) {
        return new EmptyMessage(address(A)).setSrc(address(speaker))
                .putHeader(GMS_ID, new GMS.GmsHeader(GMS.GmsHeader.LEAVE_REQ, address(leaver)));
    }

    private static Message join(Peer joiner) {
        return new EmptyMessage(address(A)).setSrc(address(joiner))
                .putHeader(GMS_ID, new GMS.GmsHeader(GMS.GmsHeader.JOIN_REQ, address(joiner)));
    }

    @Test
    void takesLeaveForAFormerSelfInEachViewThatHasIt() {
        Doorkeeper keeper = of(B, Set.of(FORMER_B));
        keeper.down(view(A, FORMER_B, B));
        assertEquals(List.of("VIEW_CHANGE", GMS.GmsHeader.LEAVE_REQ + " 1/21 -> 0/11"), down);
        keeper.down(view(A, B));
        assertEquals(3, down.size());
    }

    @Test
    void takesForDeadWhomItsOwnNodeTakesLeaveFor() {
        Doorkeeper keeper = of(A, Set.of());
        keeper.up(leave(B, FORMER_B));
        assertEquals(List.of("suspect 1/21"), up);
        assertEquals(List.of(FORMER_B), left);
    }

    @Test
    void passesOnWhoTakesLeaveForItself() {
        Doorkeeper keeper = of(A, Set.of());
        keeper.up(leave(B, B));
        assertEquals(List.of(GMS.GmsHeader.LEAVE_REQ + " 1/22 -> 0/11"), up);
        assertEquals(List.of(B), left);
    }

    @Test
    void doesNotBelieveWhoTakesLeaveForAnotherNode() {
        Doorkeeper keeper = of(A, Set.of());
        keeper.up(leave(B, C));
        assertTrue(up.isEmpty() && left.isEmpty());
        assertEquals(List.of(ErrorCode.BADCERT), refused);
    }

    @Test
    void goesOnLettingInWhoAsksAgainThoughAFormerSelfCameInMeanwhile() {
        Doorkeeper keeper = of(A, Set.of());
        keeper.down(view(A));
        keeper.up(join(FORMER_B));
        keeper.up(join(B));
        keeper.down(view(A, FORMER_B));
        keeper.up(join(B));
        String asked = GMS.GmsHeader.JOIN_REQ + " 1/2";
        assertEquals(List.of(asked + "1 -> 0/11", asked + "2 -> 0/11", asked + "2 -> 0/11"), up);
        assertEquals(List.of("VIEW_CHANGE", "VIEW_CHANGE"), down, "no refusal");
    }

    /** As it comes out of the wire at the other end. */
    private static Message received(Message sent) throws Exception {
        ByteArray bytes = Util.messageToByteBuffer(sent);
        return Util.messageFromByteBuffer(bytes.getArray(), bytes.getOffset(), bytes.getLength());
    }

    @Test
    @Tag("R-CMD-18")
    void saysWithEachRequestWhoItWasBefore() throws Exception {
        List<Message> sent = new ArrayList<>();
        Doorkeeper keeper = of(B, Set.of(FORMER_B));
        keeper.setDownProtocol(new Protocol() {
            @Override
            public Object down(Message message) {
                return sent.add(message);
            }
        });
        keeper.down(join(B));
        Message received = received(sent.get(0));
        assertEquals(List.of(FORMER_B), ((FormerLives) received.getHeader(keeper.getId())).of(1));
    }

    private static Message joinOfOneThatWas(Peer former, Peer joiner, Doorkeeper keeper) {
        return join(joiner).putHeader(keeper.getId(), new FormerLives(List.of(former)));
    }

    @Test
    @Tag("R-CMD-18")
    void letsInWhoWasLetInBeforeAsAnotherPeerAndTakesThatOneForDead() {
        Doorkeeper keeper = of(A, Set.of());
        keeper.down(view(A, FORMER_B));
        keeper.up(joinOfOneThatWas(FORMER_B, B, keeper));
        assertEquals(List.of("suspect 1/21", GMS.GmsHeader.JOIN_REQ + " 1/22 -> 0/11"), up);
        assertEquals(List.of("VIEW_CHANGE"), down, "no refusal");
        assertEquals(List.of(FORMER_B), left);
    }

    @Test
    @Tag("R-CMD-18")
    void takesForDeadWhoIsLetInAfterItAskedAsAnotherPeer() {
        Doorkeeper keeper = of(A, Set.of());
        keeper.down(view(A));
        keeper.up(joinOfOneThatWas(FORMER_B, B, keeper));
        assertEquals(List.of(), left);
        keeper.down(view(A, FORMER_B, B));
        assertEquals(List.of(GMS.GmsHeader.JOIN_REQ + " 1/22 -> 0/11", "suspect 1/21"), up);
    }

    @Test
    @Tag("R-CMD-18")
    void refusesAnotherNodeWithTheSameId() {
        Doorkeeper keeper = of(A, Set.of());
        keeper.down(view(A, FORMER_B));
        keeper.up(joinOfOneThatWas(new Peer(1, 20), B, keeper));
        assertEquals(List.of(), up);
        assertEquals(GMS.GmsHeader.JOIN_RSP + " ", down.get(1).substring(0, 2));
    }

    @Test
    @Tag("R-CMD-18")
    void refusesAnotherNodeWithItsOwnIdWhenItCoordinates() {
        Doorkeeper keeper = of(A, Set.of());
        keeper.down(view(A, B));
        keeper.up(join(new Peer(0, 12)));
        assertEquals(List.of(), up);
        assertEquals(GMS.GmsHeader.JOIN_RSP + " ", down.get(1).substring(0, 2));
    }

    private static Message merge(Peer leader) {
        return new EmptyMessage(address(A)).setSrc(address(leader))
                .putHeader(GMS_ID, new GMS.GmsHeader(GMS.GmsHeader.MERGE_REQ, address(leader)));
    }

    @Test
    @Tag("R-CMD-18")
    void takesPartInNoMergeLedByAnotherNodeWithTheIdOfAMember() {
        Doorkeeper keeper = of(A, Set.of());
        keeper.down(view(A, B));
        keeper.up(merge(FORMER_B));
        assertEquals(List.of(), up);
        keeper.up(merge(C));
        assertEquals(List.of(GMS.GmsHeader.MERGE_REQ + " 2/33 -> 0/11"), up);
    }

    private static Event meeting(View... parts) {
        Map<Address, View> told = new HashMap<>();
        for (View part : parts) {
            told.put(part.getCoord(), part);
        }
        return new Event(Event.MERGE, told);
    }

    private static View part(long number, Peer... peers) {
        View view = view(peers).getArg();
        return new View(view.getCoord(), number, view.getMembers());
    }

    @Test
    @Tag("R-CMD-18")
    void mergesWithoutOneThatHasTheIdOfAMember() {
        Doorkeeper keeper = of(A, Set.of());
        keeper.up(meeting(part(4, A, B), part(5, C)));
        assertEquals(List.of("MERGE"), up);
        keeper.up(meeting(part(4, A, B), part(5, FORMER_B)));
        keeper.up(meeting(part(4, FORMER_B)));
        assertEquals(List.of("MERGE"), up, "nothing to merge");
    }

    @Test
    @Tag("R-CMD-18")
    void saysThatItsNodeHasToGoWhenTheOtherOneOfItsIdIsInTheBetterPart() {
        Doorkeeper keeper = of(FORMER_B, Set.of());
        keeper.up(meeting(part(4, A, B), part(5, FORMER_B)));
        assertFalse(lost, "it may be dead");
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            keeper.up(meeting(part(4, A, B), part(5, FORMER_B)));
            return lost;
        });
        assertEquals(List.of(), up);
    }
}
