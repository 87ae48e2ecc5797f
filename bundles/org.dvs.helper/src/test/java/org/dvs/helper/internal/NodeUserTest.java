package org.dvs.helper.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

/** Names finish the sentence "what a node's user runs …". */
class NodeUserTest {

    @Test
    void hasItsRightsAndNoMoreWhateverTheNumberOfTheUserIs() {
        assertEquals(List.of("/usr/bin/setpriv", "--reuid", "4294967294", "--regid", "4294967293", "--clear-groups",
                "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--", "id"),
                new NodeUser(4_294_967_294L, 4_294_967_293L).dropped(List.of("id")));
    }

    @Test
    void keepsItsRightsWhereTheNodeItselfRunsIt() {
        assertEquals(List.of("id"), NodeUser.SAME.dropped(List.of("id")));
    }
}
