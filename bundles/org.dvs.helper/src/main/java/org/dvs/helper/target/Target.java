package org.dvs.helper.target;

import org.dvs.kernel.api.EndpointNumbers;

/**
 * A process of this machine.
 *
 * @param pid      its id
 * @param start    tick of its start; both together name it for ever
 * @param endpoint it is bound to; {@link EndpointNumbers#NONE} if it was named by its id
 */
public record Target(int pid, long start, int endpoint) {
}
