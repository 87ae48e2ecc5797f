package org.dvs.transport.api;

/**
 * A listener that is wanted and could not be opened.
 *
 * @param name     that was asked for
 * @param protocol name of the protocol
 * @param address  that was asked for
 * @param reason   for people, naming the address and what keeps it from being opened
 */
public record ClosedDoor(String name, String protocol, Address address, String reason) {
}
