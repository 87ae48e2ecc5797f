package org.dvs.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.TreeMap;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.ProxyFlags;
import org.dvs.proxy.internal.config.PeerSettings;
import org.dvs.proxy.internal.link.Link;
import org.dvs.testkit.Logged;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pairs that cannot be, and a loop that does not come to them in time. Names finish the sentence "the care of pairs …". */
@Tag("R-PXY-14")
class CareTest {
    private static final int OTHER = 5;

    private SimulatedDvsNode node;
    private Care care;
    /** What becomes of the next task. */
    private boolean runs = true;
    private boolean inTime = true;

    @BeforeEach
    void start() throws Exception {
        node = new SimulatedDvs(1).nodes[0];
        care = new Care(node.proxies, task -> {
            if (runs) {
                task.run();
            }
            if (!inTime) {
                throw new DvsException(ErrorCode.TIMEDOUT, "the loop is busy");
            }
        });
    }

    private boolean look(int... wanted) throws DvsException {
        return look(care, false, wanted);
    }

    private boolean look(Care care, boolean sure, int... wanted) throws DvsException {
        TreeMap<Integer, PeerSettings> peers = new TreeMap<>();
        for (int id : wanted) {
            peers.put(id, new PeerSettings(id, "node" + id, Optional.empty(), 0, 0, Optional.empty(), node.options()));
        }
        return care.run(node.kernel, () -> peers, sure);
    }

    @Test
    void removesLaterWhatItCouldNotRemove() throws Exception {
        assertTrue(look(OTHER));
        assertEquals(ProxyFlags.IN_USE, node.kernel.proxy(OTHER).flags());
        runs = false;
        inTime = false;
        assertThrows(DvsException.class, () -> look());
        runs = true;
        inTime = true;
        look();
        assertTrue(node.proxies.peer(OTHER).isEmpty());
        assertThrows(DvsException.class, () -> node.kernel.proxy(OTHER));
    }

    @Test
    void saysOnceWhoCanHaveNone() throws Exception {
        int none = node.kernel.dvs().nrNodes();
        String logged = Logged.during(() -> {
            look(OTHER, none);
            look(OTHER, none);
        });
        assertEquals(2, logged.split("node " + none + " gets no proxy pair").length, logged);
        assertTrue(node.proxies.peer(OTHER).isPresent());
    }

    @Test
    void leavesAPairToOneAlone() throws Exception {
        inTime = false;
        assertThrows(DvsException.class, () -> look(OTHER));
        Peer first = node.proxies.peer(OTHER).orElseThrow();
        inTime = true;
        assertTrue(look(OTHER));
        assertNotSame(first, node.proxies.peer(OTHER).orElseThrow());
        assertEquals(Link.State.DRAINED, first.link().state(), "it does nothing any more");
    }

    @Test
    void freesWhatTheVersionBeforeHasLeftAndNobodyWantsAnyMore() throws Exception {
        int mine = 1 - node.id;
        look(mine, OTHER);
        Care next = new Care(node.proxies, Runnable::run);
        look(next, false, mine);
        assertEquals(OTHER, node.kernel.proxy(OTHER).id(), "it may only be unknown yet");
        look(next, true, mine);
        assertThrows(DvsException.class, () -> node.kernel.proxy(OTHER));
        assertEquals(mine, node.kernel.proxy(mine).id());
        // What comes later has somebody who looks after it.
        node.kernel.proxiesBind("others", OTHER, 65_536, 1);
        look(next, true, mine);
        assertEquals(OTHER, node.kernel.proxy(OTHER).id());
    }
}
