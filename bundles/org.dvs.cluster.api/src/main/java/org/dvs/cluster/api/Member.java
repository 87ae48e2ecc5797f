package org.dvs.cluster.api;

/**
 * A node of the cluster.
 *
 * @param id   0 or more, from its certificate
 * @param name e.g. {@code node0}, from its certificate
 */
public record Member(int id, String name) implements Comparable<Member> {

    @Override
    public int compareTo(Member other) {
        return Integer.compare(id, other.id);
    }
}
