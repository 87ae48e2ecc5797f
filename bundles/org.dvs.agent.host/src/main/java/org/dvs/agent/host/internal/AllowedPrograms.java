package org.dvs.agent.host.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.helper.api.ProgramPermit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The allow-list for requests of other bundles that run programs. */
@Component(configurationPid = HostConfig.PID)
public final class AllowedPrograms implements ProgramPermit {
    private final AllowListFile allowList;

    @Activate
    public AllowedPrograms(HostConfig config) throws IOException {
        this(CommandHandler.listOf(config));
    }

    AllowedPrograms(AllowListFile allowList) {
        this.allowList = allowList;
    }

    @Override
    public Permitted permit(List<String> argv) throws DvsException {
        AllowList.Permitted permitted = allowList.current().permit(argv,
                program -> Files.isRegularFile(Path.of(program)) && Files.isExecutable(Path.of(program)));
        return new Permitted(permitted.command(), permitted.limits().timeMs(), permitted.limits().outputBytes());
    }
}
