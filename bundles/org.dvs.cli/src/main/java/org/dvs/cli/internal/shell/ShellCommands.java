package org.dvs.cli.internal.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.karaf.shell.api.console.Registry;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.dvs.api.dispatch.CatalogueListener;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.internal.words.Builtin;
import org.dvs.cli.internal.words.ParameterFlags;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a command into Karaf's shell for each request that is served, and takes it away with the request. The registry of the
 * session factory is the parent of every session's, so sessions that are open know it at once.
 */
@Component(service = CatalogueListener.class, immediate = true)
public final class ShellCommands implements CatalogueListener {
    private static final Logger LOG = LoggerFactory.getLogger(ShellCommands.class);

    private final Registry registry;
    private final CommandLine commandLine;
    private final Standing standing;
    private final Map<String, Offer> byRequest = new HashMap<>();
    private final List<ShellCommand> own = new ArrayList<>();
    private boolean stopped;

    private record Offer(RequestSpec spec, ShellCommand command) {
    }

    @Activate
    public ShellCommands(@Reference SessionFactory factory, @Reference CommandLine commandLine, @Reference Standing standing) {
        this(factory.getRegistry(), commandLine, standing);
    }

    ShellCommands(Registry registry, CommandLine commandLine, Standing standing) {
        this.registry = registry;
        this.standing = standing;
        this.commandLine = commandLine;
        Arrays.stream(Builtin.values()).filter(builtin -> !builtin.hidden()).forEach(builtin -> {
            ShellCommand command = new ShellCommand(commandLine, standing, builtin.command(), builtin.scope(),
                    builtin.verb(), builtin.help());
            if (isFree(command, "the built-in command")) {
                registry.register(command);
                own.add(command);
            }
        });
    }

    @Override
    public synchronized void offered(RequestSpec spec) {
        if (stopped) {
            return;
        }
        // A handler may come in a new version before the old one has gone.
        Offer old = byRequest.remove(spec.name());
        if (old != null) {
            registry.unregister(old.command());
        }
        ShellCommand command = new ShellCommand(commandLine, standing, spec.command(), spec.scope(), spec.verb(),
                spec.help());
        if (!isFree(command, spec.name())) {
            return;
        }
        for (Parameter parameter : ParameterFlags.clashing(spec)) {
            LOG.debug("{}: parameter {} is named like a common flag; it is written {}", spec.name(), parameter.name(),
                    ParameterFlags.written(parameter));
        }
        registry.register(command);
        byRequest.put(spec.name(), new Offer(spec, command));
    }

    /** Registering over another command would take that one away together with ours. */
    private boolean isFree(ShellCommand command, String owner) {
        if (registry.getCommand(command.getScope(), command.getName()) == null) {
            return true;
        }
        LOG.warn("The shell has a command {}:{} already; {} is reached by the dvs script and REST only", command.getScope(),
                command.getName(), owner);
        return false;
    }

    @Override
    public synchronized void withdrawn(RequestSpec spec) {
        Offer offer = byRequest.get(spec.name());
        if (offer != null && offer.spec().equals(spec)) {
            byRequest.remove(spec.name());
            registry.unregister(offer.command());
        }
    }

    @Deactivate
    synchronized void stop() {
        stopped = true;
        byRequest.values().forEach(offer -> registry.unregister(offer.command()));
        byRequest.clear();
        own.forEach(registry::unregister);
        own.clear();
    }
}
