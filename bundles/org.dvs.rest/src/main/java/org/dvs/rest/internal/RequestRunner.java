package org.dvs.rest.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import jakarta.servlet.http.HttpServletResponse;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.NodeSet;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.request.RequestSpec;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.Invocation;
import org.dvs.cli.api.Output;
import org.dvs.web.api.JsonTree;

/**
 * Sends a request and writes its answer as the command line writes it with {@code -o json}. While nodes are still out a blank
 * is sent now and then (JSON may begin with any number): only writing shows that the client has gone, and then the job is
 * cancelled.
 */
final class RequestRunner {
    private static final String JSON = "application/json";
    /** What the job may take beyond its deadline before it counts as a defect. */
    private static final long GRACE_MS = 10_000;

    private final Dispatcher dispatcher;
    private final CommandLine commandLine;
    private final long heartbeatMs;

    RequestRunner(Dispatcher dispatcher, CommandLine commandLine, long heartbeatMs) {
        this.dispatcher = dispatcher;
        this.commandLine = commandLine;
        this.heartbeatMs = heartbeatMs;
    }

    /**
     * @throws DvsException what planning and sending find wrong, while nothing was written; behind the first blank also that the
     *     job cannot be shown any more
     * @throws IOException  when the client has gone
     */
    void run(RequestSpec spec, Call call, Caller caller, String requestId, HttpServletResponse response)
            throws DvsException, IOException {
        Order order = new Order(spec.name(), call.values(), call.selection(), call.timeout(), call.pace(), caller, requestId);
        if (call.dryRun()) {
            document(plan(dispatcher.plan(order), call), response);
            return;
        }
        if (spec.destructive() && !call.confirm()) {
            Plan plan = dispatcher.plan(order);
            throw new DvsException(ErrorCode.CONFIRM, spec.name() + " on " + NodeSet.fold(plan.targets())
                    + " needs \"confirm\": true");
        }
        Job job = dispatcher.dispatch(order, JobListener.NONE);
        response.setContentType(JSON);
        OutputStream out = response.getOutputStream();
        boolean ended = false;
        try {
            await(job, call, out);
            ended = true;
        } finally {
            if (!ended) {
                job.cancel();
            }
        }
        render(List.of("job", "info", job.id(), "-o", "json"), caller, response);
    }

    private void await(Job job, Call call, OutputStream out) throws IOException, DvsException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(call.timeout().toMillis() + GRACE_MS);
        while (true) {
            try {
                job.answer().get(heartbeatMs, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                if (System.nanoTime() - deadline >= 0) {
                    throw new DvsException(ErrorCode.CLIENTTIMEOUT, "job " + job.id() + " did not end at its deadline", e);
                }
                out.write(' ');
                out.flush();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the server stops", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a job's answer never fails", e);
            }
        }
    }

    /**
     * Has the command line write a document.
     *
     * @throws DvsException when it refuses, before anything was written
     */
    void render(List<String> words, Caller caller, HttpServletResponse response) throws IOException, DvsException {
        run(words, caller, JSON, response);
    }

    /** As {@link #render}, for what is only a line of text. */
    void text(List<String> words, Caller caller, HttpServletResponse response) throws IOException, DvsException {
        run(words, caller, "text/plain;charset=utf-8", response);
    }

    private void run(List<String> words, Caller caller, String type, HttpServletResponse response) throws IOException,
            DvsException {
        Sink sink = new Sink(response, type);
        try {
            int code = commandLine.run(new Invocation(words, caller, false, 0, false), sink);
            sink.check(code);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the server stops", e);
        }
    }

    /** Any tree as the body. */
    static void document(Object tree, HttpServletResponse response) throws IOException {
        response.setContentType(JSON);
        JsonTree.write(tree, response.getOutputStream());
    }

    private static Map<String, Object> plan(Plan plan, Call call) {
        Map<String, Object> target = new LinkedHashMap<>();
        target.put("requested", plan.requested());
        target.put("resolved", NodeSet.fold(plan.targets()));
        target.put("count", plan.targets().size());
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("dryRun", true);
        tree.put("request", plan.spec().name());
        tree.put("target", target);
        tree.put("values", plan.values());
        tree.put("role", plan.spec().role().word());
        tree.put("changes", plan.spec().changes());
        tree.put("destructive", plan.spec().destructive());
        tree.put("timeoutMs", call.timeout().toMillis());
        return tree;
    }

    /** Standard output is the body; of standard error the first line is kept, in case there is no body. */
    private static final class Sink implements Output {
        private final HttpServletResponse response;
        private final String type;
        private boolean written;
        private String error = "";
        private IOException failure;

        Sink(HttpServletResponse response, String type) {
            this.response = response;
            this.type = type;
        }

        @Override
        public void out(String line) {
            try {
                if (!written) {
                    written = true;
                    response.setContentType(type);
                }
                if (failure == null) {
                    response.getOutputStream().write((line + '\n').getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                failure = e;
            }
        }

        @Override
        public void err(String line) {
            if (error.isEmpty()) {
                error = line;
            }
        }

        @Override
        public void ask(String question) {
            err(question);
        }

        @Override
        public void flush() {
            // The whole document leaves at its end.
        }

        @Override
        public boolean closed() {
            return failure != null;
        }

        void check(int code) throws IOException, DvsException {
            if (failure != null) {
                throw failure;
            }
            if (!written && code != 0) {
                ErrorCode known = ErrorCodes.in(error).orElse(ErrorCode.GENERIC);
                throw new DvsException(known, ErrorCodes.detail(known, error));
            }
        }
    }
}
