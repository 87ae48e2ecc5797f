package org.dvs.agent.host.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.ContainerEngine;
import org.dvs.helper.api.ContainerEngine.Verb;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperRequest;
import org.dvs.helper.api.HelperRequest.ContainerCall;
import org.dvs.helper.target.Targets;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * RQST_CONTAINEROP: starts, stops, removes a container, or runs a new one from an image that is on the host. An admin's, as the
 * engine
 * itself has root's rights. Source: dvsd reference 9, CONTAINER.
 */
@Component
public final class ContainerHandler implements RequestHandler {
    private static final long LIMIT_MS = 60_000;
    private static final RequestSpec SPEC = RequestSpec.named("RQST_CONTAINEROP").command("host container do")
            .help("Starts, stops or removes a container of Docker or Podman, or runs a new one")
            .parameter(Parameter.of("operation", ValueType.TEXT, "start, stop, remove or run").oneOf("start", "stop", "remove",
            "run").mandatory()
                    .asOperand())
            .parameter(Parameter.of("id", ValueType.TEXT, "the container; for run the image")
            .matching(HelperRequest.IMAGE.pattern()).mandatory()
                    .asOperand())
            .parameter(Parameter.of("argv", ValueType.TEXTS,
            "for run: program in it, and its arguments; default: what the image says")
                    .range(0, HelperRequest.MAX_ARGUMENTS).matching("[^\\x00]*").asOperand())
            .parameter(Parameter.of("engine", ValueType.TEXT, "auto: the one that is installed").oneOf("auto", "docker",
            "podman").byDefault("auto"))
            .parameter(Parameter.of("memory", ValueType.SIZE, "for run: never more than this").range(1 << 20, Long.MAX_VALUE))
            .parameter(Parameter.of("cpus", ValueType.TEXT, "for run: processors at most, such as 1.5")
            .matching("\\d{1,3}(\\.\\d{1,3})?"))
            .column("id", ValueType.TEXT, "the container")
            .destroys().role(Role.ADMIN).build();

    private final Containers containers;
    private final Helper helper;

    @Activate
    public ContainerHandler(@Reference LocalKernel kernel, @Reference Helper helper) {
        this(Path.of("/"), kernel::get, helper);
    }

    ContainerHandler(Path root, Targets.Source kernel, Helper helper) {
        this.containers = new Containers(root, kernel, helper);
        this.helper = helper;
    }

    /** Milliseconds that an engine may take. */
    static int limit(Request request) {
        return (int) Math.max(1, Math.min(LIMIT_MS, request.timeLeft().toMillis() * 3 / 4));
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        Verb verb = Verb.valueOf(request.text("operation").toUpperCase(Locale.ROOT));
        List<String> argv = request.texts("argv");
        long memory = request.optionalNumber("memory").orElse(0);
        Optional<Double> cpus = request.optionalText("cpus").map(Double::valueOf);
        if (verb != Verb.RUN && (!argv.isEmpty() || memory > 0 || cpus.isPresent())) {
            throw new DvsException(ErrorCode.INVAL, "a program and limits are for run");
        }
        ContainerEngine engine = containers.engine(request.text("engine"));
        List<String> operands = new ArrayList<>(List.of(request.text("id")));
        operands.addAll(argv);
        ContainerCall call;
        try {
            call = new ContainerCall(engine, verb, operands, memory, (int) Math.round(cpus.orElse(0.0) * 1_000), limit(request));
        } catch (IllegalArgumentException e) {
            throw new DvsException(ErrorCode.BADVALUE, e.getMessage(), e);
        }
        String out = helper.ask(call).ran().out();
        rows.row(out.lines().reduce((first, last) -> last).orElse(request.text("id")).strip());
        return 0;
    }
}
