package org.dvs.cluster.jgroups.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.Test;

/** The log of refusals. */
class RefusalLogTest {

    @Test
    void remembersWhyThisNodeWasKeptOutUntilItIsIn() {
        RefusalLog log = new RefusalLog(() -> 0);
        DvsException own = new DvsException(ErrorCode.NODEBUSY, "id 1 is taken");
        log.note(false, new DvsException(ErrorCode.BADCERT, "a stranger at 127.0.0.1:5555"));
        assertEquals(Optional.empty(), log.ofThisNode(), "a stranger's trouble is not ours");
        log.note(true, own);
        log.note(false, new DvsException(ErrorCode.BADCERT, "a stranger at 127.0.0.1:5556\nforged line"));
        assertEquals(Optional.of(own), log.ofThisNode());
        log.clear();
        assertEquals(Optional.empty(), log.ofThisNode());
    }
}
