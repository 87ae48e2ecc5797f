package org.dvs.monitor.internal.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.Invocation;
import org.dvs.cli.api.Output;
import org.dvs.monitor.internal.live.Hub;
import org.dvs.monitor.internal.model.RowsPage;
import org.dvs.monitor.internal.model.Trees;

/** What became of a request: as a whole, by the row, compared, as a file, and row by row while it runs. */
final class ResultRoutes {
    private static final int ROWS = 200;

    private final Dispatcher dispatcher;
    private final CommandLine commandLine;
    private final Hub hub;
    private final Answers answers = new Answers();

    ResultRoutes(Dispatcher dispatcher, CommandLine commandLine, Hub hub) {
        this.dispatcher = dispatcher;
        this.commandLine = commandLine;
        this.hub = hub;
    }

    List<Route> routes() {
        return List.of(
                Route.needs(Role.VIEWER, "GET", "/api/jobs/{job}", this::job),
                Route.needs(Role.VIEWER, "GET", "/api/jobs/{job}/rows", this::rows),
                Route.needs(Role.VIEWER, "GET", "/api/jobs/{job}/diff", this::difference),
                Route.needs(Role.VIEWER, "GET", "/api/jobs/{job}/stream", this::stream),
                Route.needs(Role.VIEWER, "GET", "/api/jobs/{job}/download", this::download));
    }

    /** @throws DvsException {@code NOJOB}; {@code PRIVILEGES} for who may not ask that request either */
    Job known(Exchange exchange) throws DvsException {
        String id = exchange.name("job");
        Job job = dispatcher.job(id).orElseThrow(() -> new DvsException(ErrorCode.NOJOB, "'" + id + "'"));
        exchange.caller().require(job.plan().spec().role(), "the answer of " + job.plan().spec().name());
        return job;
    }

    void job(Exchange exchange) throws IOException, DvsException {
        Job job = known(exchange);
        exchange.json(Trees.detail(job, answers.groups(job)));
    }

    private static RowsPage page(Exchange exchange, int columns) throws DvsException {
        return new RowsPage(exchange.number("offset", 0, Integer.MAX_VALUE, 0), exchange.number("limit", 1, RowsPage.MOST, ROWS),
                exchange.number("sort", -1, columns - 1, -1), exchange.text("down").equals("true"), exchange.text("filter"));
    }

    private void rows(Exchange exchange) throws IOException, DvsException {
        Job job = known(exchange);
        int group = exchange.number("group", -1, Math.max(0, answers.groups(job).size() - 1), 0);
        int columns = job.plan().spec().columns().size();
        exchange.json(answers.rows(job, group, page(exchange, group < 0 ? columns + 1 : columns)));
    }

    private void difference(Exchange exchange) throws IOException, DvsException {
        Job job = known(exchange);
        int columns = job.plan().spec().columns().size();
        TreeSet<Integer> by = new TreeSet<>();
        for (String column : exchange.texts("by")) {
            if (!column.matches("\\d{1,4}") || Integer.parseInt(column) >= columns) {
                throw new DvsException(ErrorCode.BADRANGE, "by: '" + column + "' is no column of the answer");
            }
            by.add(Integer.parseInt(column));
        }
        exchange.json(answers.difference(job, List.copyOf(by), page(exchange, columns + 2)));
    }

    private void stream(Exchange exchange) throws IOException, DvsException {
        Job job = known(exchange);
        if (!job.plan().spec().streams()) {
            throw new DvsException(ErrorCode.INVAL, job.plan().spec().name() + " does not tell of one moment after the other");
        }
        Hub.Page page = exchange.stream(hub, "job");
        Set<String> out = new HashSet<>(job.plan().targets());
        job.listen(new JobListener() {
            @Override
            public void rows(String node, List<List<Object>> rows) {
                page.tell("rows", Map.of("node", node, "rows", rows));
            }

            /** The rows of an ended job come behind its answer: the end of its last node tells that all of them are there. */
            @Override
            public void ended(NodeAnswer node) {
                if (out.remove(node.node()) && out.isEmpty()) {
                    job.answer().thenAccept(answer -> {
                        page.tell("done", Trees.progress(job));
                        page.end();
                    });
                }
            }
        });
    }

    private void download(Exchange exchange) throws IOException, DvsException {
        Job job = known(exchange);
        String format = exchange.text("format");
        if (!format.equals("json") && !format.equals("csv")) {
            throw new DvsException(ErrorCode.BADVALUE, "format is json or csv");
        }
        exchange.response().setHeader("Content-Disposition", "attachment; filename=\"" + job.id() + '.' + format + '"');
        exchange.text(format.equals("json") ? "application/json" : "text/csv;charset=utf-8",
                printed(exchange, "job", "info", job.id(), "-o", format));
    }

    /**
     * What the command line prints on standard output.
     *
     * @throws DvsException {@code GENERIC} with its first line on standard error if it prints nothing
     */
    String printed(Exchange exchange, String... words) throws DvsException, IOException {
        Lines lines = new Lines();
        try {
            int code = commandLine.run(new Invocation(List.of(words), exchange.caller(), false, 0, false), lines);
            if (code != 0 && lines.out.isEmpty()) {
                throw new DvsException(ErrorCode.GENERIC, lines.err.isEmpty() ? "exit code " + code : lines.err.get(0));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the server stops", e);
        }
        return lines.out.toString();
    }

    /** Keeps what is printed. */
    private static final class Lines implements Output {
        private final StringBuilder out = new StringBuilder();
        private final List<String> err = new ArrayList<>();

        @Override
        public void out(String line) {
            out.append(line).append('\n');
        }

        @Override
        public void err(String line) {
            err.add(line);
        }

        @Override
        public void ask(String question) {
            err.add(question);
        }

        @Override
        public void flush() {
            // All of it leaves at once.
        }

        @Override
        public boolean closed() {
            return false;
        }
    }
}
