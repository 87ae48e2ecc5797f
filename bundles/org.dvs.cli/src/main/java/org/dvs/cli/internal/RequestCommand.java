package org.dvs.cli.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
import org.dvs.api.request.RequestSpec;
import org.dvs.cli.internal.render.AnswerRenderer;
import org.dvs.cli.internal.render.Plain;
import org.dvs.cli.internal.render.PlanRenderer;
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
    private static final String CLEAR = "\u001b[H\u001b[2J";

    private final Dispatcher dispatcher;
    private final Clock clock;

    RequestCommand(Dispatcher dispatcher, Clock clock) {
        this.dispatcher = dispatcher;
        this.clock = clock;
    }

    /** Starts the job of a command line: a new one, or an old one again. */
    private interface Sender {
        Job send() throws DvsException;
    }

    /** @return the exit code */
    int run(RequestSpec spec, Map<String, Object> values, Console console) throws DvsException, InterruptedException {
        Options options = console.options();
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
        RowView view = new RowView(spec.columns(), options.view());
        if (options.dryRun() || spec.destructive() && !options.yes()) {
            List<String> targets = old.soFar().nodes().stream().filter(node -> node.state() != NodeState.OK).map(NodeAnswer::node)
                    .toList();
            if (targets.isEmpty()) {
                throw new DvsException(ErrorCode.NONODES, "all nodes of job " + jobId + " were ok");
            }
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
        Duration interval = console.options().watch().orElseThrow();
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
        console.trouble().nodes(answer);
        if (!console.options().quiet()) {
            console.trouble().summary(answer, console.options().verbose());
        }
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
