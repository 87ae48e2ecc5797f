package org.dvs.registry.api;

import java.util.List;

import org.dvs.kernel.api.DvsParameters;

/**
 * The DVS as one node knows it.
 *
 * @param parameters in force
 * @param nodes      names of the nodes it is initialised on, by id
 * @param ageMs      0 if this is what was agreed when it was asked; else how old it may be, because there is no majority to ask
 */
public record DvsInfo(DvsParameters parameters, List<String> nodes, long ageMs) {

    public DvsInfo {
        nodes = List.copyOf(nodes);
    }
}
