package org.dvs.agent.cgroup.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.dvs.api.request.RequestHandler;
import org.dvs.helper.api.DcLeftovers;
import org.dvs.helper.api.Helper;
import org.dvs.helper.target.Targets;
import org.dvs.procfs.ControlGroups;
import org.dvs.registry.api.LocalKernel;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Registers the requests of the family, with what was found of control groups at this moment. */
@Component(service = {})
public final class CgroupComponent {
    private final List<ServiceRegistration<RequestHandler>> registrations = new ArrayList<>();

    @Activate
    public CgroupComponent(BundleContext context, @Reference LocalKernel kernel, @Reference Helper helper,
            @Reference DcLeftovers leftovers) {
        handlers(Path.of("/"), kernel::get, helper, leftovers)
                .forEach(handler -> registrations.add(context.registerService(RequestHandler.class, handler, null)));
    }

    static List<RequestHandler> handlers(Path root, Targets.Source kernel, Helper helper, DcLeftovers leftovers) {
        ControlGroups groups = ControlGroups.read(root);
        List<String> subtree = helper.subtree();
        GroupTargets targets = new GroupTargets(groups, new Targets(root, kernel), helper, leftovers);
        NetSupport support = new NetSupport(helper);
        List<RequestHandler> handlers = new ArrayList<>();
        for (Resource resource : List.of(new CpuResource(), new MemoryResource(), new IoResource(root),
                new NetResource(helper, support, subtree))) {
            handlers.addAll(GroupRequests.of(resource, targets));
        }
        handlers.add(new ControllerHandler(groups, support, helper, subtree));
        handlers.add(new ControllerSetHandler(helper));
        return handlers;
    }

    @Deactivate
    void stop() {
        registrations.forEach(ServiceRegistration::unregister);
    }
}
