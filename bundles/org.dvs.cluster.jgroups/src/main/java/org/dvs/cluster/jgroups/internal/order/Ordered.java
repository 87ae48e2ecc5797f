package org.dvs.cluster.jgroups.internal.order;

/**
 * A multicast on its way. The payload is shared and must not be changed.
 *
 * @param origin who sent it
 * @param number counts the multicasts of the origin, from 1
 * @param cut    the origin's cut number when it sent this
 */
public record Ordered(Peer origin, long number, long cut, String channel, byte[] payload) {
}
