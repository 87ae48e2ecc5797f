package org.dvs.api.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

/** Groups ... */
class NodeGroupsTest {

    @Test
    void areReadFromOneLine() {
        NodeGroups groups = NodeGroups.parse(" web: node[0-1] ; db:node2,@web;;");
        assertEquals(Map.of("web", "node[0-1]", "db", "node2,@web"), groups.byName());
        assertEquals(List.of(), groups.problems());
        assertEquals(Map.of(), NodeGroups.parse("").byName());
    }

    @Test
    void leaveOutWhatCannotBeReadAndKeepTheRest() {
        NodeGroups groups = NodeGroups.parse("web: node0; db; 7up: node1; web: node2; odd: node[; self: @self; lost: @nobody");
        assertEquals(Map.of("web", "node0"), groups.byName());
        assertEquals(6, groups.problems().size(), groups.problems().toString());
        assertEquals("'db' is not NAME: NODESET", groups.problems().get(0));
        assertEquals("group 'web' is given twice; the first counts", groups.problems().get(2));
    }
}
