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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A loop that does not come to it in time. Names finish the sentence "the care of pairs …". */
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

    private boolean look(boolean wanted) throws DvsException {
        return care.run(node.kernel, dvs -> {
            TreeMap<Integer, PeerSettings> peers = new TreeMap<>();
            if (wanted) {
                peers.put(OTHER, new PeerSettings(OTHER, "node5", Optional.empty(), 0, 0, Optional.empty(), node.options()));
            }
            return peers;
        });
    }

    @Test
    void removesLaterWhatItCouldNotRemove() throws Exception {
        assertTrue(look(true));
        assertEquals(ProxyFlags.IN_USE, node.kernel.proxy(OTHER).flags());
        runs = false;
        inTime = false;
        assertThrows(DvsException.class, () -> look(false));
        runs = true;
        inTime = true;
        look(false);
        assertTrue(node.proxies.peer(OTHER).isEmpty());
        assertThrows(DvsException.class, () -> node.kernel.proxy(OTHER));
    }

    @Test
    void leavesAPairToOneAlone() throws Exception {
        inTime = false;
        assertThrows(DvsException.class, () -> look(true));
        Peer first = node.proxies.peer(OTHER).orElseThrow();
        inTime = true;
        assertTrue(look(true));
        assertNotSame(first, node.proxies.peer(OTHER).orElseThrow());
        assertEquals(Link.State.DRAINED, first.link().state(), "it does nothing any more");
    }
}
