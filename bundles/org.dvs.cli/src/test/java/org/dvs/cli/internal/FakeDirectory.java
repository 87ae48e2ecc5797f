package org.dvs.cli.internal;

import java.util.List;
import java.util.Map;

import org.dvs.api.dispatch.NodeDirectory;

/** node0, node1, node2 and the group web. */
public final class FakeDirectory implements NodeDirectory {
    @Override
    public List<String> nodes() {
        return List.of("node0", "node1", "node2");
    }

    @Override
    public Map<String, String> groups() {
        return Map.of("web", "node[1-2]");
    }

    @Override
    public String local() {
        return "node0";
    }
}
