package org.dvs.registry.internal;

import java.util.List;
import java.util.Optional;
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
        return among(all(cluster), nameOrId).orElseThrow(() -> unknown(cluster, nameOrId));
    }

    /**
     * Finds also one that was taken out of the cluster; the name of one that is in the cluster goes before.
     *
     * @throws DvsException as {@link #find}
     */
    public static Member findAlsoExpelled(Cluster cluster, String nameOrId) throws DvsException {
        return among(all(cluster), nameOrId).or(() -> among(Expelled.all(cluster.state()), nameOrId))
                .orElseThrow(() -> unknown(cluster, nameOrId));
    }

    private static Optional<Member> among(List<Member> members, String nameOrId) {
        return members.stream()
                .filter(member -> member.name().equals(nameOrId) || Integer.toString(member.id()).equals(nameOrId)).findFirst();
    }

    private static DvsException unknown(Cluster cluster, String nameOrId) {
        return new DvsException(ErrorCode.BADNODEID, "there is no node '" + Printable.line(nameOrId) + "'; there are "
                + String.join(", ", all(cluster).stream().map(Member::name).toList()));
    }

    /** By id. */
    public static List<Member> all(Cluster cluster) {
        TreeMap<Integer, Member> all = new TreeMap<>();
        Stream.concat(cluster.nodes().stream().map(Standing::member), cluster.view().members().stream())
                .forEach(member -> all.put(member.id(), member));
        return List.copyOf(all.values());
    }
}
