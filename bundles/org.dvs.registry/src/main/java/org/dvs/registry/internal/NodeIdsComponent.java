package org.dvs.registry.internal;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Member;
import org.dvs.registry.api.NodeIds;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Ids and names as the cluster knows them. */
@Component
public final class NodeIdsComponent implements NodeIds {
    private final Cluster cluster;

    @Activate
    public NodeIdsComponent(@Reference Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public int id(String nameOrId) throws DvsException {
        return nameOrId.matches("\\d{1,9}") ? Integer.parseInt(nameOrId) : NodeNames.find(cluster, nameOrId).id();
    }

    @Override
    public String name(int id) {
        return NodeNames.all(cluster).stream().filter(member -> member.id() == id).map(Member::name).findFirst()
                .orElse("node" + id);
    }

    @Override
    public List<String> names() {
        return NodeNames.all(cluster).stream().map(Member::name).toList();
    }
}
