package org.dvs.agent.host.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.helper.api.DcLeftovers;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperRequest.RunInDc;
import org.dvs.helper.program.CommandResult;
import org.dvs.helper.program.CommandRunner;
import org.dvs.helper.program.ProgramRequest;
import org.dvs.helper.target.Targets;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * RQST_COMMAND: runs a program that the allow-list of this host permits. The program sees exactly the arguments given: no
 * shell takes part. Source: dvsd reference 9; conventions 12.
 */
@Component(configurationPid = HostConfig.PID)
@Designate(ocd = HostConfig.class)
public final class CommandHandler implements RequestHandler {
    private static final RequestSpec SPEC = ProgramRequest.described(RequestSpec.named("RQST_COMMAND").command("host command")
            .help("Runs a program of the allow-list on each host, without a shell"),
            "program, by name or absolute path, and its arguments")
            .parameter(Parameter.of("stdin", ValueType.TEXT, "text the program reads from its standard input").hidden())
            .parameter(Parameter.of("dcid", ValueType.INTEGER,
                    "run it in the namespaces and under the limits that this DC has here")
                    .range(0, DvsParameters.MAX_DCS - 1))
            .changes().build();

    private final AllowListFile allowList;
    private final CommandRunner runner;
    private final Targets targets;
    private final Helper helper;
    private final DcLeftovers leftovers;
    private final Semaphore places;
    private final int atOnce;

    @Activate
    public CommandHandler(HostConfig config, @Reference LocalKernel kernel, @Reference Helper helper,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
            DcLeftovers leftovers) throws java.io.IOException {
        this(listOf(config), new CommandRunner(config.setsid(), Path.of("/"), config.killDelayMs()), config.commandsAtOnce(),
                new Targets(Path.of("/"), () -> kernel.get()), helper, leftovers);
    }

    /** @param leftovers null where no control groups are served: nothing of a DC is left then */
    CommandHandler(AllowListFile allowList, CommandRunner runner, int atOnce, Targets targets, Helper helper,
            DcLeftovers leftovers) {
        this.targets = targets;
        this.helper = helper;
        this.leftovers = leftovers == null ? dcid -> { } : leftovers;
        this.allowList = allowList;
        this.runner = runner;
        this.atOnce = atOnce;
        this.places = new Semaphore(atOnce);
    }

    static AllowListFile listOf(HostConfig config) throws java.io.IOException {
        return new AllowListFile(etc().resolve(config.allowList()), ownUid(), System::currentTimeMillis);
    }

    private static Path etc() {
        return Path.of(System.getProperty("karaf.etc", "etc")).toAbsolutePath();
    }

    private static int ownUid() throws java.io.IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        if (!parameter.name().equals("argv")) {
            return parameter.allowed();
        }
        try {
            return allowList.current().names().stream().filter(name -> name.startsWith(typed)).toList();
        } catch (DvsException e) {
            return List.of();
        }
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        AllowList.Permitted permitted = allowList.current().permit(ProgramRequest.argvOf(request),
                program -> Files.isRegularFile(Path.of(program)) && Files.isExecutable(Path.of(program)));
        List<String> command = permitted.command();
        int timeMs = ProgramRequest.timeMs(request, permitted.limits().timeMs());
        int output = ProgramRequest.outputBytes(request, permitted.limits().outputBytes());
        OptionalLong dcid = request.optionalNumber("dcid");
        if (dcid.isPresent()) {
            targets.requireClearDc((int) dcid.getAsLong(), leftovers);
        }
        if (!places.tryAcquire()) {
            throw new DvsException(ErrorCode.AGAIN, atOnce + " commands run here already");
        }
        CommandResult result;
        try {
            Optional<String> stdin = request.optionalText("stdin");
            result = dcid.isEmpty() ? runner.run(command, stdin.orElse(null), timeMs, output)
                    : helper.ask(new RunInDc((int) dcid.getAsLong(), command, stdin.orElse(""), timeMs, output)).ran();
        } finally {
            places.release();
        }
        ProgramRequest.put(result, command.get(0), timeMs, rows);
        return 0;
    }
}
