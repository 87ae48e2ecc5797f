package org.dvs.helper.api;

import java.util.List;

import org.dvs.api.DvsException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Which programs may be run for a request on this node: the allow-list of RQST_COMMAND, which holds for every other request that
 * runs one. An OSGi service; thread-safe.
 */
@ProviderType
public interface ProgramPermit {

    /**
     * What may be run.
     *
     * @param command     absolute program, then its arguments
     * @param timeMs      it may take at the most; {@link Long#MAX_VALUE} for no limit of its own
     * @param outputBytes kept of each stream at the most, likewise
     */
    record Permitted(List<String> command, long timeMs, long outputBytes) {
        public Permitted {
            command = List.copyOf(command);
        }

        public static Permitted unlimited(List<String> command) {
            return new Permitted(command, Long.MAX_VALUE, Long.MAX_VALUE);
        }
    }

    /**
     * @param argv name of a program in the allow-list, then its arguments
     * @throws DvsException {@code CALLDENIED} if the list does not permit it; {@code NOENT} if the program is not on this machine
     */
    Permitted permit(List<String> argv) throws DvsException;
}
