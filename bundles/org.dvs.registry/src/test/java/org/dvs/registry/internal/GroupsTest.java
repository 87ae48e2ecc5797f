package org.dvs.registry.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;

import org.dvs.cluster.api.Member;
import org.dvs.testkit.ImmediateCluster;
import org.junit.jupiter.api.Test;

class GroupsTest {

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
