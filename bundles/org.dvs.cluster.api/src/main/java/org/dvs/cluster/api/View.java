package org.dvs.cluster.api;

import java.util.List;
import java.util.Optional;

/**
 * Who can talk to whom now.
 *
 * @param id          grows with every view of this node
 * @param members     by id, ascending; this node is always among them
 * @param coordinator id of the member that puts messages in order
 * @param primary     true if the view holds a majority of the voting members, so that changes can be agreed
 */
public record View(long id, List<Member> members, int coordinator, boolean primary) {

    public View {
        members = members.stream().sorted().toList();
    }

    public boolean contains(int nodeId) {
        return member(nodeId).isPresent();
    }

    public Optional<Member> member(int nodeId) {
        return members.stream().filter(member -> member.id() == nodeId).findFirst();
    }
}
