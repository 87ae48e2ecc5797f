package org.dvs.cluster.jgroups.internal.transport;

import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.cluster.jgroups.internal.order.Seat;

/** Says who may come in. Asked on the coordinator; must not block. */
@FunctionalInterface
public interface Admission {

    /** @return why not; empty to let it in */
    Optional<DvsException> refusal(Seat joiner);
}
