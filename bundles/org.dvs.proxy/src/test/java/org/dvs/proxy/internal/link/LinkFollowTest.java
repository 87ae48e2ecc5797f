package org.dvs.proxy.internal.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.proxy.internal.frame.Hello;
import org.dvs.proxy.internal.frame.Options;
import org.dvs.testkit.SimulatedTime;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A link that follows another one of the same node. Names finish the sentence "a link that follows …". */
@Tag("R-PXY-09")
class LinkFollowTest implements LinkOwner, Wire {
    private static final Options OPTIONS = new Options(true, true, true, true, true, DigestKind.NONE);
    private static final int PEER = 1;
    private static final long PEERS_INCARNATION = 77;

    private final SimulatedTime time = new SimulatedTime();
    private final Random random = new Random(1);
    private final List<Long> dialed = new ArrayList<>();
    private final List<Hello> said = new ArrayList<>();
    private final List<Agreement> agreed = new ArrayList<>();

    private Link link(Options options) {
        return new Link(new LinkSettings(0, "node0", PEER, options, 65_536, 3_000, 5_000, 200, 10_000), random, time::nanoTime,
                this);
    }

    private void meet(Link link, long received) {
        link.tick();
        link.dialed(dialed.get(dialed.size() - 1), this);
        link.welcome(this, new Hello(PEER, "node1", PEERS_INCARNATION, 1, 65_536, OPTIONS,
                said.get(said.size() - 1).incarnation(), 0, received, FrameLayout.COMPACT, 3_000));
    }

    @Test
    void settlesWhatTheOneBeforeItHadUnderWay() {
        Link before = link(OPTIONS);
        meet(before, 0);
        for (int i = 0; i < 3; i++) {
            before.sequences().next();
        }
        before.sequences().acknowledged(1);
        before.drain(Fault.CHANGED);

        Link link = link(new Options(true, false, true, true, true, DigestKind.NONE));
        link.follow(before.park());
        meet(link, 2);

        assertEquals(List.of(1L, 2L), dialed);
        assertEquals(said.get(0).incarnation(), said.get(1).incarnation());
        assertEquals(PEERS_INCARNATION, said.get(1).knows());
        assertEquals(3, said.get(1).sent());
        assertFalse(agreed.get(1).restarted());
        assertEquals(1, link.sequences().delivered());
        assertEquals(1, link.sequences().failed());
        assertEquals(0, link.sequences().unknown());
    }

    @Test
    void hasDoneNothingBefore() {
        Link link = link(OPTIONS);
        link.tick();
        assertThrows(IllegalStateException.class, () -> link.follow(link(OPTIONS).park()));
    }

    @Override
    public void dial(long attempt) {
        dialed.add(attempt);
    }

    @Override
    public void up(Wire wire, Agreement agreement) {
        agreed.add(agreement);
    }

    @Override
    public void resumed(Wire wire, Agreement agreement) {
        throw new AssertionError("nothing was kept open");
    }

    @Override
    public void down(Fault why) {
        assertEquals(Fault.CHANGED, why);
    }

    @Override
    public void hello(Hello hello) {
        said.add(hello);
    }

    @Override
    public void welcome(Hello hello) {
        throw new AssertionError("the peer does not call");
    }

    @Override
    public void end(Fault why) {
        assertEquals(Fault.CHANGED, why);
    }

    @Override
    public String where() {
        return "nowhere";
    }
}
