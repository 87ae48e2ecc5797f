package org.dvs.cluster.jgroups.internal.osgi;

import org.dvs.cluster.api.ViewListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Brings the engine the listeners of membership events. A component of its own, because a listener usually needs the cluster too:
 * two components that each refer to the other are a circle that Declarative Services refuses.
 */
@Component(service = { })
public final class ListenerComponent {
    private final ClusterComponent cluster;

    @Activate
    public ListenerComponent(@Reference ClusterComponent cluster) {
        this.cluster = cluster;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addListener(ViewListener listener) {
        cluster.addListener(listener);
    }

    void removeListener(ViewListener listener) {
        cluster.removeListener(listener);
    }
}
