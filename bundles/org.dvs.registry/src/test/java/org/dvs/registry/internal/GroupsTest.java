package org.dvs.registry.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;

import org.dvs.cluster.api.Member;
import org.dvs.testkit.ImmediateCluster;
import org.junit.jupiter.api.Test;

class GroupsTest {

    @Test
    void areReadFromOneLine() {
        Groups groups = Groups.parse(" web: node[0-1] ; db:node2,@web;;");
        assertEquals(Map.of("web", "node[0-1]", "db", "node2,@web"), groups.byName());
        assertEquals(List.of(), groups.problems());
        assertEquals(Map.of(), Groups.parse("").byName());
    }

    @Test
    void leaveOutWhatCannotBeReadAndKeepTheRest() {
        Groups groups = Groups.parse("web: node0; db; 7up: node1; web: node2; odd: node[; self: @self; lost: @nobody");
        assertEquals(Map.of("web", "node0"), groups.byName());
        assertEquals(6, groups.problems().size(), groups.problems().toString());
        assertEquals("'db' is not NAME: NODESET", groups.problems().get(0));
        assertEquals("group 'web' is given twice; the first counts", groups.problems().get(2));
    }

    @Test
    void changeWithTheConfigurationWhileTheDirectoryStays() {
        ImmediateCluster cluster = new ImmediateCluster();
        cluster.members(true, new Member(2, "node2"), new Member(10, "node10"));
        Directory directory = new Directory(cluster, "web: node0");
        assertEquals(List.of("node0", "node2", "node10"), directory.nodes());
        assertEquals("node0", directory.local());
        directory.configure("db: node1");
        assertEquals(Map.of("db", "node1"), directory.groups());
    }
}
