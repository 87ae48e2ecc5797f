package org.dvs.agent.process.internal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.NodeSet;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.registry.api.MigrationInfo;
import org.dvs.registry.api.Migrations;
import org.dvs.registry.api.NodeIds;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code proc migrate}: moves a process to another node of its DC, on all nodes or none, whichever node is asked. In one go, or
 * in steps with its state moved in between by other means. Source: seed 000; dvsd reference 6; dvs-kernel reference 10.
 */
@Component
public final class MigrateHandler implements RequestHandler {
    /** Kept of the request's time, so that what has been reached is said before its deadline stops it. */
    private static final Duration TO_SAY = Duration.ofSeconds(1);

    private final Migrations migrations;
    private final NodeIds ids;

    @Activate
    public MigrateHandler(@Reference Migrations migrations, @Reference NodeIds ids) {
        this.migrations = migrations;
        this.ids = ids;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_MIGRATE").command("proc migrate")
                .help("Moves a process to a node where its backup is bound, on all nodes of its DC or none")
                .parameter(ProcessParameters.DCID).parameter(ProcessParameters.ENDPOINT)
                .parameter(Parameter.of("to", ValueType.TEXT, "name or id of the new node, for move and start")
                        .matching("[A-Za-z0-9_.-]{1,63}"))
                .parameter(Parameter.of("operation", ValueType.TEXT, "move does start and commit in one")
                        .oneOf("move", "start", "commit", "rollback").byDefault("move"))
                .parameter(Parameter.of("pid", ValueType.INTEGER, "of the process at the new node; of any if not given")
                        .range(1, Integer.MAX_VALUE))
                .parameter(Parameter.of("keep", ValueType.DURATION, "what was started is rolled back if not committed by then")
                        .range(1_000, 86_400_000).byDefault(600_000L))
                .column("lives_on", ValueType.TEXT, "node where the process is now")
                .column("waits_for", ValueType.TEXT, "nodes that have yet to hear that; each does when it is back, or can")
                .changes().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        int dcid = ProcessParameters.dcid(request);
        int endpoint = ProcessParameters.endpoint(request);
        int pid = (int) request.optionalNumber("pid").orElse(EndpointNumbers.NO_PID);
        Duration left = waits(request.timeLeft());
        Optional<MigrationInfo> before = underWay(dcid, endpoint);
        String livesOn = switch (request.text("operation")) {
            case "start" -> {
                migrations.start(dcid, endpoint, target(request), request.id(), Duration.ofMillis(request.number("keep")), left);
                yield underWay(dcid, endpoint).flatMap(MigrationInfo::holder).orElse(null);
            }
            case "commit" -> {
                migrations.commit(dcid, endpoint, pid, request.id(), left);
                yield before.map(MigrationInfo::target).orElse(null);
            }
            case "rollback" -> {
                migrations.rollback(dcid, endpoint, request.id(), left);
                yield before.flatMap(MigrationInfo::holder).orElse(null);
            }
            default -> {
                int target = target(request);
                migrations.move(dcid, endpoint, target, pid, request.id(), left);
                yield ids.name(target);
            }
        };
        rows.row(livesOn, underWay(dcid, endpoint).map(MigrationInfo::pending).filter(nodes -> !nodes.isEmpty())
                .map(NodeSet::fold).orElse(null));
        return 0;
    }

    private static Duration waits(Duration left) {
        Duration tenth = left.dividedBy(10);
        return left.minus(tenth.compareTo(TO_SAY) < 0 ? tenth : TO_SAY);
    }

    private Optional<MigrationInfo> underWay(int dcid, int endpoint) throws DvsException {
        return migrations.all().stream().filter(each -> each.dcid() == dcid && each.endpoint() == endpoint).findFirst();
    }

    private int target(Request request) throws DvsException {
        Optional<String> to = request.optionalText("to");
        if (to.isEmpty()) {
            throw new DvsException(ErrorCode.INVAL, "to: the new node is needed to " + request.text("operation"));
        }
        return ids.id(to.get());
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        return parameter.name().equals("to") ? ids.names() : parameter.allowed();
    }
}
