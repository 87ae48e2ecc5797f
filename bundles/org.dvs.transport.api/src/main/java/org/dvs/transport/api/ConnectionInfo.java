package org.dvs.transport.api;

/**
 * A connection in figures.
 *
 * @param protocol    name of the protocol
 * @param outgoing    whether this side connected
 * @param parked      whether no protocol serves it
 * @param ageMs       since it was opened
 * @param framesIn    handed to the protocol
 * @param bytesIn     read, lengths included; with TLS after decryption
 * @param framesOut   written by the protocol
 * @param bytesOut    written by the protocol, lengths included
 * @param queuedBytes written, not yet sent
 */
public record ConnectionInfo(String name, String protocol, Peer peer, boolean outgoing, boolean parked, long ageMs, long framesIn,
                             long bytesIn, long framesOut, long bytesOut, long queuedBytes) {
}
