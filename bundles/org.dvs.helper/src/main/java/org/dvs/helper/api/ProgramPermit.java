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
     * @param argv name of a program in the allow-list, then its arguments
     * @return absolute program, then its arguments
     * @throws DvsException {@code CALLDENIED} if the list does not permit it; {@code NOENT} if the program is not on this machine
     */
    List<String> permit(List<String> argv) throws DvsException;
}
