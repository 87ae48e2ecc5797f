package org.dvs.cli.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Selection;
import org.dvs.api.request.Column;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.api.security.Audit;
import org.dvs.api.security.AuditEntry;
import org.dvs.api.security.AuditEntry.Step;
import org.dvs.cli.internal.render.AnswerRenderer;
import org.dvs.cli.internal.render.Plain;
import org.dvs.cli.internal.render.RowView;
import org.dvs.cli.internal.words.Builtin;
import org.dvs.cli.internal.words.Commands;
import org.dvs.cli.internal.words.Parsed;
import org.dvs.cli.internal.words.Usage;
import org.dvs.cli.internal.words.WordParser;

/** Answers the built-in commands. Help is for everybody who could log in, the rest needs a viewer. */
final class OwnCommands {
    private static final String NODE_LIST = "RQST_NODELIST";
    private static final List<Column> REQUEST_COLUMNS = List.of(
            Column.of("request", ValueType.TEXT, "name"),
            Column.of("family", ValueType.TEXT, "first word of the command"),
            Column.of("command", ValueType.TEXT, "words of the command line"),
            Column.of("role", ValueType.TEXT, "needed to run it"),
            Column.of("changes", ValueType.FLAG, "changes something"),
            Column.of("destructive", ValueType.FLAG, "asks for confirmation").onlyWide(),
            Column.of("aliases", ValueType.TEXTS, "other names").onlyWide(),
            Column.of("help", ValueType.TEXT, "what it does"));
    private static final List<Column> VERSION_COLUMNS = List.of(
            Column.of("node", ValueType.TEXT, "this node"),
            Column.of("version", ValueType.TEXT, "of DVS"),
            Column.of("java", ValueType.TEXT, "version of Java"));
    private static final List<Column> JOB_COLUMNS = List.of(
            Column.of("job", ValueType.TEXT, "id"),
            Column.of("request", ValueType.TEXT, "name"),
            Column.of("user", ValueType.TEXT, "who asked"),
            Column.of("nodes", ValueType.TEXT, "asked"),
            Column.of("state", ValueType.TEXT, "running or ended"),
            Column.of("ok", ValueType.INTEGER, "nodes"),
            Column.of("failed", ValueType.INTEGER, "nodes"),
            Column.of("silent", ValueType.INTEGER, "nodes"),
            Column.of("skipped", ValueType.INTEGER, "nodes"),
            Column.of("elapsed", ValueType.DURATION, "from sending to the last node's end"));

    private final Dispatcher dispatcher;
    private final NodeDirectory directory;
    private final Commands commands;
    private final Completion completion;
    private final String version;
    private final Audit audit;
    private final RequestCommand requests;

    OwnCommands(Dispatcher dispatcher, NodeDirectory directory, Commands commands, Completion completion, String version,
                Audit audit, RequestCommand requests) {
        this.dispatcher = dispatcher;
        this.directory = directory;
        this.commands = commands;
        this.completion = completion;
        this.version = version;
        this.audit = audit;
        this.requests = requests;
    }

    int run(Builtin builtin, List<String> operands, Console console) throws DvsException, InterruptedException {
        if (console.options().help()) {
            console.help().builtin(builtin);
            return ExitCode.OK;
        }
        if (builtin.role().isPresent()) {
            audit.require(console.invocation().caller(), builtin.role().get(), entry(builtin, operands, false, console));
        }
        switch (builtin) {
            case HELP -> help(operands, console);
            case REQUESTS -> sheet(REQUEST_COLUMNS, commands.specs().stream().map(OwnCommands::row).toList(), console);
            case VERSION -> sheet(VERSION_COLUMNS,
                    List.of(List.of(directory.local(), version, Runtime.version().toString())), console);
            case JOB_LIST -> sheet(JOB_COLUMNS, dispatcher.jobs().stream().map(OwnCommands::row).toList(), console);
            case JOB_INFO -> jobInfo(job(operands.get(0), builtin, console), console);
            case JOB_WATCH -> {
                return requests.follow(job(operands.get(0), builtin, console), console);
            }
            case JOB_RETRY -> {
                return requests.retry(job(operands.get(0), builtin, console).id(), null, console);
            }
            case JOB_CANCEL -> jobCancel(job(operands.get(0), builtin, console), console);
            case COMPLETION -> CompletionScript.lines(operands.get(0), commands).forEach(console.out());
            case MAN -> ManPage.print(commands.specs(), version, console.out());
            case NODES -> {
                if (!console.options().selection().equals(Selection.LOCAL)) {
                    throw Usage.error("'__nodes' asks the node itself; for others there is 'node list'");
                }
                commands.requireStarted("a part of this node");
                return requests.run(commands.request(NODE_LIST), Map.of(), console.unlisted());
            }
            case COMPLETE -> completion.complete(operands).forEach(word -> console.out().accept(Plain.text(word)));
        }
        return ExitCode.OK;
    }

    /** Help for what the words name: a command, or all commands that begin so. */
    void help(List<String> words, Console console) throws DvsException {
        Help help = console.help();
        if (words.isEmpty()) {
            help.family(words, commands.specs());
            if (console.options().verbose()) {
                help.common();
            }
            return;
        }
        List<String> asking = new ArrayList<>(List.of("--help"));
        asking.addAll(words);
        Parsed parsed = new WordParser(commands).parse(asking);
        if (parsed.target() instanceof Parsed.Call call) {
            help.request(call.spec());
        } else if (parsed.target() instanceof Parsed.Own own) {
            help.builtin(own.builtin());
        } else {
            help.family(words, commands.specs());
        }
    }

    private static void sheet(List<Column> columns, List<List<Object>> rows, Console console) throws DvsException {
        RowView view = new RowView(columns, console.options().view());
        AnswerRenderer.of(view.view(), console.screen(), console.out()).sheet(rows, view);
    }

    private static List<Object> row(RequestSpec spec) {
        return List.of(spec.name(), spec.scope(), String.join(" ", spec.command()), spec.role().word(), spec.changes(),
                spec.destructive(), spec.aliases(), spec.help());
    }

    private static List<Object> row(Job job) {
        Answer answer = job.soFar();
        return Arrays.asList(job.id(), job.plan().spec().name(), job.caller().user(), answer.foldedTargets(), answer.complete()
                ? "ended" : "running",
                answer.count(NodeState.OK), answer.count(NodeState.FAILED), answer.count(NodeState.SILENT),
                answer.count(NodeState.SKIPPED), answer.elapsedMs());
    }

    private AuditEntry entry(Builtin builtin, List<String> operands, boolean changes, Console console) {
        return AuditEntry.ofCommand(Step.ASKED, console.invocation().caller(), directory.local(),
                String.join(" ", builtin.command()), builtin == Builtin.COMPLETE ? "" : String.join(" ", operands), changes);
    }

    /** A job, for who may run its request. */
    private Job job(String id, Builtin builtin, Console console) throws DvsException {
        Job job = dispatcher.job(id).orElseThrow(() -> new DvsException(ErrorCode.NOJOB, "'" + id + "'"));
        audit.require(console.invocation().caller(), job.plan().spec().role(), entry(builtin, List.of(id), false, console));
        return job;
    }

    /** The answer so far, and what it lacks; the exit code is our own, not the job's. */
    private void jobInfo(Job job, Console console) throws DvsException {
        Answer answer = job.soFar();
        RowView view = new RowView(answer.spec().columns(), console.options().view());
        AnswerRenderer.of(view.view(), console.screen(), console.out()).answer(answer, view);
        console.trouble().nodes(answer);
        if (!console.options().quiet()) {
            console.trouble().summary(answer, true);
        }
    }

    private void jobCancel(Job job, Console console) throws DvsException {
        if (console.options().dryRun()) {
            console.out().accept("Would cancel job " + Plain.text(job.id()) + ". Nothing was sent.");
            return;
        }
        AuditEntry entry = entry(Builtin.JOB_CANCEL, List.of(job.id()), true, console);
        audit.before(entry);
        String came = job.cancel() ? "cancelled" : "had ended already";
        audit.after(entry.then(Step.ANSWERED, 0, came));
        console.out().accept("job " + Plain.text(job.id()) + ' ' + came);
    }
}
