package org.dvs.dispatcher.internal;

import java.util.List;
import java.util.Map;

import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Member;

/** Names while there is no registry: the members of the view. */
record ViewDirectory(Cluster cluster) implements NodeDirectory {

    @Override
    public List<String> nodes() {
        return cluster.view().members().stream().map(Member::name).toList();
    }

    @Override
    public Map<String, String> groups() {
        return Map.of();
    }

    @Override
    public String local() {
        return cluster.local().name();
    }
}
