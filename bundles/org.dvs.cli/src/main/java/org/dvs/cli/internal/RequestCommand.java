package org.dvs.cli.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.NodeSet;
import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.security.Audit;
import org.dvs.api.security.AuditEntry;
import org.dvs.api.security.AuditEntry.Step;
import org.dvs.cli.internal.render.AnswerRenderer;
import org.dvs.cli.internal.render.Plain;
import org.dvs.cli.internal.render.PlanRenderer;
import org.dvs.cli.internal.render.RowStream;
import org.dvs.cli.internal.render.RowView;
import org.dvs.cli.internal.words.Options;
import org.dvs.cli.internal.words.Usage;

/** Sends one request, waits for its answer and shows it. */
final class RequestCommand {
    /** What the dispatcher may take beyond the deadline before we give up on it. */
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** What a cancelled job may take to say where it could not stop the work. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final Duration LOOK_UP = Duration.ofMillis(200);
    private static final Duration PROGRESS = Duration.ofSeconds(5);
    /** How a request that streams names these two: {@link RequestSpec.Builder#streams}. */
    private static final String COUNT = "count";
    private static final String INTERVAL = "interval";
    /** Rows in one job of an endless stream: few enough for the limits of a reply. */
    private static final long ROWS_A_JOB = 10;
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(2);
    private static final Duration STREAM_MARGIN = Duration.ofSeconds(10);
    private static final String CLEAR = "\u001b[H\u001b[2J";

    private final Dispatcher dispatcher;
    private final Audit audit;
    private final Clock clock;

    RequestCommand(Dispatcher dispatcher, Audit audit, Clock clock) {
        this.dispatcher = dispatcher;
        this.audit = audit;
        this.clock = clock;
    }

    /** Starts the job of a command line: a new one, or an old one again. */
    private interface Sender {
        Job send() throws DvsException;
    }

    /** @return the exit code */
    int run(RequestSpec spec, Map<String, Object> values, Console console) throws DvsException, InterruptedException {
        Options options = console.options();
        if (spec.streams() && options.watch().isPresent() && options.requestId().isEmpty() && !options.dryRun()) {
            return stream(spec, values, console);
        }
        RowView view = new RowView(spec.columns(), options.view());
        if (options.watch().isPresent() && (spec.changes() || !options.requestId().isEmpty())) {
            throw Usage.error(spec.changes() ? "--watch repeats, and '" + String.join(" ", spec.command()) + "' changes something"
                    : "--watch repeats, and a --request-id runs once");
        }
        Order order = new Order(spec.name(), values, options.selection(), options.timeout(), options.pace(),
                console.invocation().caller(), options.requestId());
        if (options.dryRun() || spec.destructive() && !options.yes()) {
            Plan plan = dispatcher.plan(order);
            if (options.dryRun()) {
                PlanRenderer.render(plan, options, console.out());
                return ExitCode.OK;
            }
            return confirm(plan, console);
        }
        Sender sender = () -> dispatcher.dispatch(order, JobListener.NONE);
        return options.watch().isPresent() ? watch(sender, view, console) : once(sender, view, console);
    }

    /** @param named the request the command line names; null if it names none */
    int retry(String jobId, RequestSpec named, Console console) throws DvsException, InterruptedException {
        Options options = console.options();
        Job old = dispatcher.job(jobId).orElseThrow(() -> new DvsException(ErrorCode.NOJOB, "'" + jobId + "'"));
        RequestSpec spec = old.plan().spec();
        if (named != null && !named.name().equals(spec.name())) {
            throw Usage.error("job " + jobId + " is of " + spec.name() + ", not of " + named.name());
        }
        if (options.watch().isPresent()) {
            throw Usage.error("--watch and --retry exclude each other");
        }
        // Before anything is shown of what somebody else has asked.
        audit.require(console.invocation().caller(), spec.role(), AuditEntry.ofCommand(Step.ASKED, console.invocation().caller(),
                "", spec.name(), "--retry " + jobId, spec.changes()));
        Answer soFar = old.soFar();
        if (soFar.complete() && soFar.count(NodeState.OK) == soFar.targets().size()) {
            console.out().accept("nothing to retry: of job " + Plain.text(jobId) + " all " + soFar.targets().size()
                    + " nodes answered ok");
            return ExitCode.OK;
        }
        RowView view = new RowView(spec.columns(), options.view());
        if (options.dryRun() || spec.destructive() && !options.yes()) {
            List<String> targets = soFar.nodes().stream().filter(node -> node.state() != NodeState.OK).map(NodeAnswer::node)
                    .toList();
            Plan plan = new Plan(spec, old.plan().values(), "--retry " + jobId, targets);
            if (options.dryRun()) {
                PlanRenderer.render(plan, options, console.out());
                return ExitCode.OK;
            }
            return confirm(plan, console);
        }
        Order order = new Order(spec.name(), Map.of(), options.selection(), options.timeout(), options.pace(),
                console.invocation().caller(), options.requestId());
        return once(() -> dispatcher.retry(jobId, order, JobListener.NONE), view, console);
    }

    /** Shows the rows of a request that streams as they come; goes on until nobody looks unless a count is given. */
    private int stream(RequestSpec spec, Map<String, Object> values, Console console) throws DvsException, InterruptedException {
        Options options = console.options();
        Map<String, Object> asked = new LinkedHashMap<>(values);
        boolean endless = asked.putIfAbsent(COUNT, spec.parameter(COUNT).map(Parameter::max).map(max -> Math.min(max, ROWS_A_JOB))
                .orElse(1L)) == null;
        options.watch().filter(given -> !given.isZero()).ifPresent(interval -> asked.putIfAbsent(INTERVAL, interval.toMillis()));
        Map<String, Object> complete = spec.complete(asked);
        Duration rows = Duration.ofMillis((Long) complete.get(COUNT) * (Long) complete.get(INTERVAL)).plus(STREAM_MARGIN);
        Duration timeout = options.timeout().compareTo(rows) < 0 ? rows : options.timeout();
        Order order = new Order(spec.name(), asked, options.selection(), timeout, options.pace(), console.invocation().caller(),
                "");
        RowStream stream = new RowStream(new RowView(spec.columns(), options.view()), console.screen(), console.out());
        int code;
        boolean some;
        do {
            Following following = new Following();
            Job job = dispatcher.dispatch(order, following);
            code = follow(job, following, stream, console);
            some = job.soFar().count(NodeState.OK) > 0;
        } while (endless && some && code != ExitCode.INTERRUPTED);
        return code;
    }

    /** Shows the rows of a job that somebody has sent as they come; it goes on when nobody looks any more. */
    int follow(Job job, Console console) throws DvsException, InterruptedException {
        RowStream stream = new RowStream(new RowView(job.plan().spec().columns(), console.options().view()), console.screen(),
                console.out());
        Following following = new Following();
        job.listen(following);
        if (!following.show(job, stream, console, clock)) {
            return ExitCode.INTERRUPTED;
        }
        return told(job.soFar(), console);
    }

    private int follow(Job job, Following following, RowStream stream, Console console) throws DvsException,
            InterruptedException {
        try {
            if (!following.show(job, stream, console, clock)) {
                job.cancel();
                return ExitCode.INTERRUPTED;
            }
        } catch (InterruptedException | DvsException e) {
            job.cancel();
            throw e;
        }
        return told(job.soFar(), console);
    }

    private static int told(Answer answer, Console console) {
        console.trouble().nodes(answer);
        if (!console.options().quiet()) {
            console.trouble().summary(answer, console.options().verbose());
        }
        return ExitCode.of(answer);
    }

    private static int confirm(Plan plan, Console console) throws DvsException {
        String nodes = NodeSet.fold(plan.targets()) + " (" + plan.targets().size() + ")";
        String what = "'" + String.join(" ", plan.spec().command()) + "' (" + plan.spec().name() + ") on " + nodes;
        if (!console.terminal()) {
            throw new DvsException(ErrorCode.CONFIRM, what);
        }
        console.output().ask(Plain.text(what + " destroys something. Go on?"));
        return ExitCode.REFUSED;
    }

    private int watch(Sender sender, RowView view, Console console) throws DvsException, InterruptedException {
        Duration interval = console.options().watch().filter(given -> !given.isZero()).orElse(WATCH_INTERVAL);
        String words = Plain.text(String.join(" ", console.invocation().words()));
        while (true) {
            String title = words + "  " + Instant.now().truncatedTo(ChronoUnit.SECONDS);
            if (console.terminal()) {
                console.out().accept(CLEAR + title);
                console.out().accept("");
            } else if (console.options().view().headers() && view.view().isTable()) {
                console.out().accept("--- " + title);
            }
            int code = once(sender, view, console);
            if (code == ExitCode.INTERRUPTED) {
                return code;
            }
            console.output().flush();
            if (pause(interval, console)) {
                return ExitCode.INTERRUPTED;
            }
        }
    }

    /** @return true if nobody watches any more */
    private boolean pause(Duration interval, Console console) throws InterruptedException {
        long end = clock.nanoTime() + interval.toNanos();
        while (true) {
            if (console.output().closed()) {
                return true;
            }
            long left = end - clock.nanoTime();
            if (left <= 0) {
                return false;
            }
            if (clock.pause(Duration.ofNanos(Math.min(left, LOOK_UP.toNanos())))) {
                return true;
            }
        }
    }

    private int once(Sender sender, RowView view, Console console) throws DvsException, InterruptedException {
        Job job = sender.send();
        int code = await(job, console);
        Answer answer = job.soFar();
        if (!console.output().closed()) {
            show(answer, view, console);
        }
        if (code == ExitCode.DEADLINE) {
            console.trouble().error(new DvsException(ErrorCode.CLIENTTIMEOUT, "job " + job.id() + " was cancelled"));
        }
        return ExitCode.first(code, ExitCode.of(answer));
    }

    private static void show(Answer answer, RowView view, Console console) throws DvsException {
        AnswerRenderer.of(view.view(), console.screen(), console.out()).answer(answer, view);
        console.output().flush();
        told(answer, console);
    }

    /**
     * Waits until the job has ended; cancels it when nobody waits any more.
     *
     * @return {@link ExitCode#OK} if it ended by itself, else why it was cancelled
     */
    private int await(Job job, Console console) throws InterruptedException {
        long start = clock.nanoTime();
        long longest = console.options().timeout().plus(GRACE).toNanos();
        long told = start;
        try {
            while (!ended(job, LOOK_UP)) {
                long now = clock.nanoTime();
                if (console.output().closed() || clock.stopping()) {
                    job.cancel();
                    return ExitCode.INTERRUPTED;
                }
                if (now - start > longest) {
                    job.cancel();
                    ended(job, LAST_WORDS);
                    return ExitCode.DEADLINE;
                }
                if (now - told >= PROGRESS.toNanos()) {
                    told = now;
                    Answer soFar = job.soFar();
                    console.progress(soFar.nodes().size() + " of " + soFar.targets().size() + " nodes have ended");
                }
            }
            return ExitCode.OK;
        } catch (InterruptedException e) {
            job.cancel();
            throw e;
        }
    }

    private static boolean ended(Job job, Duration patience) throws InterruptedException {
        try {
            job.answer().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a job's answer never completes exceptionally", e);
        }
    }
}
