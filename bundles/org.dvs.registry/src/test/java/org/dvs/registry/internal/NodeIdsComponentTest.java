package org.dvs.registry.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Member;
import org.dvs.testkit.ImmediateCluster;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ids and names ... */
@Tag("R-CMD-12")
class NodeIdsComponentTest {
    private final ImmediateCluster cluster = new ImmediateCluster();
    private final NodeIdsComponent ids = new NodeIdsComponent(cluster);

    @Test
    void areThoseOfTheClusterAlsoOfNodesThatAreDown() throws DvsException {
        cluster.members(true, new Member(4, "web"));
        cluster.members(true);
        assertEquals(4, ids.id("web"));
        assertEquals("web", ids.name(4));
        assertEquals(List.of("node0", "web"), ids.names());
    }

    @Test
    void areTakenAsNumbersWhetherANodeHasThemOrNot() throws DvsException {
        assertEquals(31, ids.id("31"));
        assertEquals("node31", ids.name(31));
        DvsException unknown = assertThrows(DvsException.class, () -> ids.id("web"));
        assertEquals(ErrorCode.BADNODEID, unknown.code());
        assertEquals("there is no node 'web'; there are node0", unknown.getMessage());
    }
}
