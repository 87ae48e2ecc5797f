package org.dvs.registry.api;

import java.util.List;

/**
 * All DCs there are.
 *
 * @param dcs   by id
 * @param ageMs as {@link AgreedDc#ageMs}
 */
public record AgreedDcs(List<AgreedDc> dcs, long ageMs) {

    public AgreedDcs {
        dcs = List.copyOf(dcs);
    }
}
