package org.dvs.proxy.api;

import java.util.SortedMap;

/**
 * A pair and its connection in figures; counts since the pair was made on this node.
 *
 * @param proxyId      of the pair; the remote node's id
 * @param name         of the pair
 * @param state        down, dialing, greeting, up, drained
 * @param where        address of the peer, empty if there is none
 * @param options      that count, or would count
 * @param differences  between the two ends' settings; empty if there are none
 * @param lastFault    why it went down or could not come up the last time; empty before
 * @param framesOut    frames with commands
 * @param commandsOut  commands in them
 * @param bytesOut     bytes of them on the wire
 * @param rawOut       the same before compression
 * @param framesIn     frames with commands
 * @param commandsIn   commands in them
 * @param bytesIn      bytes of them on the wire
 * @param rawIn        the same after decompression
 * @param underWay     frames sent, and not known to have arrived
 * @param delivered    frames under way at a break that had arrived
 * @param failed       frames under way at a break that had not, and never will
 * @param unknown      frames under way at a break of which nobody can tell
 * @param refused      commands that this node's kernel refused; their origins were told
 * @param autobound    sources bound because a command of theirs came
 * @param faults       frames refused, connections refused and broken
 * @param faultCounts  the same by name, only those that happened, and attempts that two ends made at the same time
 * @param sessions     times that it came up
 * @param roundTripMicros of a frame and its answer; 0 before the first
 */
public record ProxyLink(int proxyId, String name, String state, String where, String options, String differences,
                        String lastFault, long framesOut, long commandsOut, long bytesOut, long rawOut, long framesIn,
                        long commandsIn, long bytesIn, long rawIn, long underWay, long delivered, long failed, long unknown,
                        long refused, long autobound, long faults, SortedMap<String, Long> faultCounts, long sessions,
                        long roundTripMicros) {
}
