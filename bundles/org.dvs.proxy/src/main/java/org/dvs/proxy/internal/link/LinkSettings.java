package org.dvs.proxy.internal.link;

import org.dvs.proxy.internal.frame.Options;

/**
 * One end of a link.
 *
 * @param node         this node's id
 * @param name         this node's name
 * @param peer         the other node's id
 * @param options      as configured here
 * @param maxData      most bytes of a copy in one frame
 * @param heartbeatMs  how often it says that it is there
 * @param greetingMs   until a HELLO is answered
 * @param reconnectMinMs first wait after a failure
 * @param reconnectMaxMs longest
 */
public record LinkSettings(int node, String name, int peer, Options options, int maxData, int heartbeatMs, long greetingMs,
                           long reconnectMinMs, long reconnectMaxMs) {
}
