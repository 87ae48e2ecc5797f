package org.dvs.transport.api;

/**
 * A listener in figures; counts since it was opened.
 *
 * @param protocol  name of the protocol
 * @param serving   whether its protocol is there; if not, nothing is accepted
 * @param open      connections
 * @param accepted  connections taken
 * @param overLimit closed at once because of the limit of connections
 * @param overAddressLimit closed at once because of the limit of connections of one address
 * @param refused   closed because TLS failed, or because the protocol refused them
 */
public record ListenerInfo(String name, String protocol, Address address, boolean serving, int open, long accepted,
                           long overLimit, long overAddressLimit, long refused) {
}
