package org.dvs.registry.internal;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Standing;

/** Finds a node by its name or id, among those registered and those in the view. */
public final class NodeNames {
    private NodeNames() {
    }

    /** @throws DvsException {@code BADNODEID} naming those there are */
    public static Member find(Cluster cluster, String nameOrId) throws DvsException {
        List<Member> all = all(cluster);
        return all.stream().filter(member -> member.name().equals(nameOrId) || Integer.toString(member.id()).equals(nameOrId))
                .findFirst()
                .orElseThrow(() -> new DvsException(ErrorCode.BADNODEID, "there is no node '" + Printable.line(nameOrId)
                        + "'; there are " + String.join(", ", all.stream().map(Member::name).toList())));
    }

    /** By id. */
    public static List<Member> all(Cluster cluster) {
        TreeMap<Integer, Member> all = new TreeMap<>();
        Stream.concat(cluster.nodes().stream().map(Standing::member), cluster.view().members().stream())
                .forEach(member -> all.put(member.id(), member));
        return List.copyOf(all.values());
    }
}
