package org.dvs.agent.namespace.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.dvs.api.request.RequestHandler;
import org.dvs.helper.api.DcLeftovers;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.ProgramPermit;
import org.dvs.helper.target.Targets;
import org.dvs.procfs.NamespaceKind;
import org.dvs.registry.api.LocalKernel;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Registers the requests of the family: five for each kind, and one for DCs. */
@Component(service = {})
public final class NamespaceComponent {
    private final List<ServiceRegistration<RequestHandler>> registrations = new ArrayList<>();

    @Activate
    public NamespaceComponent(BundleContext context, @Reference LocalKernel kernel, @Reference Helper helper,
            @Reference ProgramPermit permit, @Reference DcLeftovers leftovers) {
        handlers(Path.of("/"), kernel::get, helper, permit, leftovers)
                .forEach(handler -> registrations.add(context.registerService(RequestHandler.class, handler, null)));
    }

    static List<RequestHandler> handlers(Path root, Targets.Source kernel, Helper helper, ProgramPermit permit,
            DcLeftovers leftovers) {
        Place place = new Place(root, kernel, helper);
        List<RequestHandler> handlers = new ArrayList<>();
        for (NamespaceKind kind : NamespaceKind.values()) {
            handlers.addAll(List.of(new ListHandler(place, kind, false), new ListHandler(place, kind, true),
                    new SameHandler(place, kind),
                    new UnshareHandler(place, kind, permit, leftovers), new EnterHandler(place, kind, permit, leftovers)));
        }
        handlers.add(new ReleaseHandler(place));
        return handlers;
    }

    @Deactivate
    void stop() {
        registrations.forEach(ServiceRegistration::unregister);
    }
}
