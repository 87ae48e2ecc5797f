package org.dvs.cli.internal;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.api.dispatch.Order;
import org.dvs.api.request.Parameter;
import org.dvs.api.security.Audit;
import org.dvs.api.security.AuditEntry;
import org.dvs.api.security.AuditEntry.Step;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.Invocation;
import org.dvs.cli.api.OrderReader;
import org.dvs.cli.api.Output;
import org.dvs.cli.internal.render.Paint;
import org.dvs.cli.internal.render.Plain;
import org.dvs.cli.internal.render.Trouble;
import org.dvs.cli.internal.words.Commands;
import org.dvs.cli.internal.words.Options;
import org.dvs.cli.internal.words.ParameterFlags;
import org.dvs.cli.internal.words.Parsed;
import org.dvs.cli.internal.words.Usage;
import org.dvs.cli.internal.words.WordParser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command line: words to a parsed command, and that to whoever answers it. */
final class CommandLineRunner implements CommandLine, OrderReader {
    private static final Logger LOG = LoggerFactory.getLogger(CommandLineRunner.class);

    private final WordParser parser;
    private final Commands commands;
    private final RequestCommand requests;
    private final OwnCommands own;
    private final Completion completion;
    private final NodeDirectory directory;
    private final Audit audit;

    CommandLineRunner(Dispatcher dispatcher, Catalogue catalogue, NodeDirectory directory, Clock clock, String version,
                      Audit audit, BooleanSupplier started) {
        this.directory = directory;
        this.audit = audit;
        commands = new Commands(catalogue, started);
        parser = new WordParser(commands);
        requests = new RequestCommand(dispatcher, audit, clock);
        completion = new Completion(catalogue, directory, dispatcher, commands);
        own = new OwnCommands(dispatcher, directory, commands, completion, version, audit, requests);
    }

    @Override
    public int run(Invocation invocation, Output out) throws InterruptedException {
        Trouble trouble = new Trouble(Paint.of(invocation.color()), out::err);
        try {
            Parsed parsed = parse(invocation.words(), invocation.caller());
            Console console = new Console(invocation, parsed.options(), out);
            trouble = console.trouble();
            return run(parsed, console);
        } catch (DvsException e) {
            trouble.error(e);
            return ExitCode.of(e.code());
        } catch (RuntimeException e) {
            LOG.error("The command line failed where it should not", e);
            trouble.error(new DvsException(ErrorCode.GENERIC, e.getClass().getSimpleName()));
            return ExitCode.NODE_ERROR;
        } finally {
            out.flush();
        }
    }

    /**
     * What is wrong with the words is nobody's to learn who may not run the command; for who may, the role is checked where it
     * runs.
     */
    private Parsed parse(List<String> words, Caller caller) throws DvsException {
        try {
            return parser.parse(words);
        } catch (DvsException e) {
            Optional<Parsed.Target> named = parser.named(words);
            if (named.isPresent() && named.get() instanceof Parsed.Call call) {
                require(caller, call.spec().role(), call.spec().name(), call.spec().changes());
            } else if (named.isPresent() && named.get() instanceof Parsed.Own command && command.builtin().role().isPresent()) {
                require(caller, command.builtin().role().get(), String.join(" ", command.builtin().command()), false);
            }
            throw e;
        }
    }

    /** The arguments were not understood, so what of them is a secret is not known: none is written down. */
    private void require(Caller caller, Role role, String command, boolean changes) throws DvsException {
        String here = directory.local();
        audit.require(caller, role, AuditEntry.ofCommand(Step.ASKED, caller, here, command, "", changes));
    }

    private int run(Parsed parsed, Console console) throws DvsException, InterruptedException {
        boolean help = parsed.options().help();
        if (parsed.target() instanceof Parsed.Own command) {
            return own.run(command.builtin(), command.operands(), console);
        }
        if (parsed.target() instanceof Parsed.Call call && !help) {
            return parsed.options().retry().isPresent() ? requests.retry(parsed.options().retry().get(), call.spec(), console)
                    : requests.run(call.spec(), call.values(), console);
        }
        if (parsed.target() instanceof Parsed.Family && parsed.options().retry().isPresent() && !help) {
            return requests.retry(parsed.options().retry().get(), null, console);
        }
        if (parsed.target() instanceof Parsed.Call call) {
            console.help().request(call.spec());
        } else if (parsed.target() instanceof Parsed.Family family) {
            own.help(family.words(), console);
        }
        return ExitCode.OK;
    }

    @Override
    public Order order(List<String> words, Caller caller) throws DvsException {
        Parsed parsed = parse(words, caller);
        Options options = parsed.options();
        if (!(parsed.target() instanceof Parsed.Call call) || options.help() || options.retry().isPresent()
                || options.watch().isPresent() || options.dryRun()) {
            throw Usage.error("'" + Plain.text(String.join(" ", words)) + "' is not one request to nodes");
        }
        return new Order(call.spec().name(), call.values(), options.selection(), options.timeout(), options.pace(), caller,
                options.requestId());
    }

    @Override
    public String flag(Parameter parameter) {
        return ParameterFlags.written(parameter);
    }

    @Override
    public List<String> complete(List<String> words) {
        try {
            return completion.complete(words);
        } catch (RuntimeException e) {
            LOG.warn("No completion: {}", e.toString());
            return List.of();
        }
    }
}
