package org.dvs.agent.host.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.dvs.agent.host.internal.Containers.Container;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.ContainerEngine;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.target.Targets;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** RQST_CONTAINER: containers of the engines of this host, and DCs; all, or one. Source: dvsd reference 9. */
@Component
public final class ContainerListHandler implements RequestHandler {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_CONTAINER").command("host container list")
            .help("Lists the containers of each host: Docker's, Podman's, those of LXC and systemd-nspawn that run, and DCs")
            .parameter(Parameter.of("id", ValueType.TEXT, "only this one, by id or name")
            .matching(HelperRequest.CONTAINER.pattern()).asOperand())
            .parameter(Parameter.of("engine", ValueType.TEXT, "only of this one").oneOf("auto", "docker", "podman",
                    "lxc", "nspawn", "dc").byDefault("auto"))
            .column("engine", ValueType.TEXT, "what runs it")
            .column("id", ValueType.TEXT, "names it")
            .column("name", ValueType.TEXT, "for people")
            .column("image", ValueType.TEXT, "what it was made from")
            .column("state", ValueType.TEXT, "as the engine names it")
            .column("pid", ValueType.INTEGER, "its first process on the host")
            .column("created", ValueType.TIME, "when it was made")
            .column(Column.of("ports", ValueType.TEXTS, "that it offers").onlyWide())
            .column(Column.of("cgroup", ValueType.TEXT, "its control group").onlyWide())
            .column("dcid", ValueType.INTEGER, "DC; -1 for none")
            .manyRows().build();

    private static final List<String> SYSTEM = List.of(SystemContainers.LXC, SystemContainers.NSPAWN);

    private final Containers containers;

    @Activate
    public ContainerListHandler(@Reference LocalKernel kernel, @Reference Helper helper) {
        this(Path.of("/"), kernel::get, helper);
    }

    ContainerListHandler(Path root, Targets.Source kernel, Helper helper) {
        this.containers = new Containers(root, kernel, helper);
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        String engine = request.text("engine");
        Optional<String> id = request.optionalText("id");
        int limit = ContainerHandler.limit(request);
        List<Container> found = new ArrayList<>();
        if (engine.equals("auto") || engine.equals("dc")) {
            found.addAll(containers.dcs());
        }
        List<String> system = engine.equals("auto") ? SYSTEM : SYSTEM.stream().filter(engine::equals).toList();
        if (!system.isEmpty()) {
            found.addAll(containers.system(system));
        }
        if (engine.equals("auto")) {
            for (ContainerEngine each : containers.atWork()) {
                try {
                    found.addAll(containers.of(each, limit));
                } catch (DvsException e) {
                    // Installed and not at work: it has no containers, unless it was asked for by name.
                    if (e.code() != ErrorCode.CONNREFUSED && e.code() != ErrorCode.ACCES) {
                        throw e;
                    }
                }
            }
        } else if (!engine.equals("dc") && !SYSTEM.contains(engine)) {
            found.addAll(containers.of(containers.engine(engine), limit));
        }
        if (id.isPresent()) {
            found.removeIf(each -> !each.id().equals(id.get()) && !each.name().equals(id.get()) && !(id.get().length() >= 12
                    && each.id().startsWith(id.get())));
            if (found.isEmpty()) {
                throw new DvsException(ErrorCode.NOENT, "there is no container " + Shown.of(id.get()));
            }
        }
        for (Container each : found) {
            rows.row(each.engine(), each.id(), each.name(), each.image(), each.state(), each.pid() <= 0 ? null : each.pid(),
                    each.createdMs(),
                    each.ports(), each.cgroup(), each.dcid());
        }
        return 0;
    }
}
