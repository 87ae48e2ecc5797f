package org.dvs.registry.api;

import java.util.List;
import java.util.Optional;

/**
 * A migration under way.
 *
 * @param phase   start, started, take, commit or rollback
 * @param holder  node from which the process moves, once that is known
 * @param target  node to which it moves
 * @param pending nodes that have not done their part of this phase
 * @param why     for a rollback: what went wrong; else empty
 */
public record MigrationInfo(int dcid, int endpoint, String phase, Optional<String> holder, String target, List<String> pending,
                            String why) {
    public MigrationInfo {
        pending = List.copyOf(pending);
    }
}
