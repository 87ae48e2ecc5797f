package org.dvs.registry.internal.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.cluster.api.ViewListener;
import org.dvs.kernel.api.Kernel;
import org.dvs.registry.api.LocalKernel;
import org.dvs.registry.internal.Caretaker;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the agreed tables, the cluster's members and the kernel, and has the kernel kept in line on a thread of its own. */
@Component(service = {LocalKernel.class, ViewListener.class}, immediate = true)
public final class KernelComponent implements LocalKernel, ViewListener {
    private static final Logger LOG = LoggerFactory.getLogger(KernelComponent.class);

    private final AtomicReference<Kernel> kernel = new AtomicReference<>();
    private final KernelCare care;
    private final Caretaker caretaker;
    private final List<AutoCloseable> watches = new ArrayList<>();

    @Activate
    public KernelComponent(@Reference Cluster cluster) {
        care = new KernelCare(cluster, cluster.local(), () -> Optional.ofNullable(kernel.get()));
        caretaker = new Caretaker("dvs-registry-kernel-1", care);
        for (String prefix : List.of("dvs/", "dc/id/")) {
            watches.add(cluster.state().watch(prefix, (key, entry) -> caretaker.poke()));
        }
        cluster.joined().whenComplete((view, why) -> caretaker.poke());
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindKernel(Kernel service) {
        kernel.set(service);
        caretaker.poke();
    }

    void unbindKernel(Kernel service) {
        kernel.compareAndSet(service, null);
    }

    @Override
    public void happened(ViewEvent event) {
        care.happened(event);
        caretaker.poke();
    }

    @Override
    public Kernel get() throws DvsException {
        Kernel there = kernel.get();
        if (there == null) {
            throw new DvsException(ErrorCode.NOSYS, "no kernel runs on this node");
        }
        return there;
    }

    @Override
    public CompletableFuture<Void> align() {
        return caretaker.soon();
    }

    @Deactivate
    void stop() {
        for (AutoCloseable watch : watches) {
            try {
                watch.close();
            } catch (Exception e) {
                LOG.warn("a watch of the agreed state did not end", e);
            }
        }
        caretaker.close();
    }
}
