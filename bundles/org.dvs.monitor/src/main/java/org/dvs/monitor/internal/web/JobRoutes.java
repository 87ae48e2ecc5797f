package org.dvs.monitor.internal.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.NodeSet;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.Group;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.OrderOption;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Selection;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.Invocation;
import org.dvs.cli.api.OrderReader;
import org.dvs.cli.api.Output;
import org.dvs.monitor.internal.model.RowsPage;
import org.dvs.monitor.internal.model.Trees;

/**
 * Requests and what became of them. A page sends the words of the command line that it also offers to copy, so that both mean
 * the same.
 * Which role a request needs is the dispatcher's to check, as for every other face.
 */
final class JobRoutes {
    /** Answers that are kept folded; to fold one is to digest all its rows. */
    private static final int FOLDED = 8;
    private static final int JOBS = 200;
    private static final int ROWS = 200;

    private final Dispatcher dispatcher;
    private final Catalogue catalogue;
    private final NodeDirectory directory;
    private final OrderReader orders;
    private final CommandLine commandLine;
    private final Map<String, List<Group>> folded = new LinkedHashMap<>();

    JobRoutes(Dispatcher dispatcher, Catalogue catalogue, NodeDirectory directory, OrderReader orders, CommandLine commandLine) {
        this.dispatcher = dispatcher;
        this.catalogue = catalogue;
        this.directory = directory;
        this.orders = orders;
        this.commandLine = commandLine;
    }

    List<Route> routes() {
        return List.of(
                Route.needs(Role.VIEWER, "GET", "/api/catalogue", this::catalogue),
                Route.needs(Role.VIEWER, "GET", "/api/suggest", this::suggest),
                Route.needs(Role.VIEWER, "POST", "/api/plan", this::plan),
                Route.needs(Role.VIEWER, "GET", "/api/jobs", this::jobs),
                Route.needs(Role.VIEWER, "POST", "/api/jobs", this::start),
                Route.needs(Role.VIEWER, "GET", "/api/jobs/{job}", this::job),
                Route.needs(Role.VIEWER, "GET", "/api/jobs/{job}/rows", this::rows),
                Route.needs(Role.VIEWER, "GET", "/api/jobs/{job}/download", this::download),
                Route.needs(Role.VIEWER, "POST", "/api/jobs/{job}/cancel", this::cancel),
                Route.needs(Role.VIEWER, "POST", "/api/jobs/{job}/retry", this::retry));
    }

    private void catalogue(Exchange exchange) throws IOException {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("requests", catalogue.specs().stream().sorted(Comparator.comparing(spec -> String.join(" ", spec.command())))
                .map(spec -> Trees.request(spec, exchange.caller(), orders::flag)).toList());
        tree.put("options", Arrays.stream(OrderOption.values())
                .filter(option -> option != OrderOption.DRY_RUN && option != OrderOption.CONFIRM).map(Trees::option).toList());
        tree.put("nodes", directory.nodes());
        tree.put("groups", directory.groups());
        exchange.json(tree);
    }

    private void suggest(Exchange exchange) throws IOException, DvsException {
        RequestSpec spec = catalogue.find(exchange.text("request"))
                .orElseThrow(() -> new DvsException(ErrorCode.BADREQUEST, exchange.text("request")));
        Parameter parameter = spec.parameter(exchange.text("parameter"))
                .orElseThrow(() -> new DvsException(ErrorCode.INVAL, "no parameter '" + exchange.text("parameter") + "'"));
        exchange.json(catalogue.suggest(spec, parameter, exchange.text("typed")).stream().limit(100).toList());
    }

    private Order order(Exchange exchange) throws DvsException {
        return orders.order(exchange.texts("w"), exchange.caller());
    }

    private void plan(Exchange exchange) throws IOException, DvsException {
        exchange.json(Trees.plan(dispatcher.plan(order(exchange))));
    }

    private void start(Exchange exchange) throws IOException, DvsException {
        Order order = order(exchange);
        Plan plan = dispatcher.plan(order);
        if (plan.spec().destructive() && !exchange.text("confirm").equals("yes")) {
            throw new DvsException(ErrorCode.CONFIRM, plan.spec().name() + " on " + NodeSet.fold(plan.targets()));
        }
        exchange.json(Trees.progress(dispatcher.dispatch(order, JobListener.NONE)));
    }

    private void jobs(Exchange exchange) throws IOException {
        exchange.json(dispatcher.jobs().stream().limit(JOBS).map(Trees::job).toList());
    }

    /** @throws DvsException {@code NOJOB}; {@code PRIVILEGES} for who may not ask that request either */
    private Job known(Exchange exchange) throws DvsException {
        String id = exchange.name("job");
        Job job = dispatcher.job(id).orElseThrow(() -> new DvsException(ErrorCode.NOJOB, "'" + id + "'"));
        exchange.caller().require(job.plan().spec().role(), "the answer of " + job.plan().spec().name());
        return job;
    }

    private void job(Exchange exchange) throws IOException, DvsException {
        Job job = known(exchange);
        exchange.json(Trees.detail(job, groups(job)));
    }

    private List<Group> groups(Job job) {
        if (!job.soFar().complete()) {
            return List.of();
        }
        synchronized (folded) {
            List<Group> groups = folded.remove(job.id());
            groups = groups == null ? job.soFar().groups() : groups;
            folded.put(job.id(), groups);
            if (folded.size() > FOLDED) {
                folded.remove(folded.keySet().iterator().next());
            }
            return groups;
        }
    }

    private void rows(Exchange exchange) throws IOException, DvsException {
        Job job = known(exchange);
        List<Group> groups = groups(job);
        int group = exchange.number("group", 0, Math.max(0, groups.size() - 1), 0);
        RowsPage page = new RowsPage(exchange.number("offset", 0, Integer.MAX_VALUE, 0), exchange.number("limit", 1,
                RowsPage.MOST, ROWS),
                exchange.number("sort", -1, job.plan().spec().columns().size() - 1, -1), exchange.text("down").equals("true"),
                exchange.text("filter"));
        exchange.json(page.of(groups.isEmpty() ? List.of() : groups.get(group).rows()));
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

    private void cancel(Exchange exchange) throws IOException, DvsException {
        printed(exchange, "job", "cancel", known(exchange).id());
        job(exchange);
    }

    private void retry(Exchange exchange) throws IOException, DvsException {
        Job job = known(exchange);
        if (job.plan().spec().destructive() && !exchange.text("confirm").equals("yes")) {
            throw new DvsException(ErrorCode.CONFIRM, job.plan().spec().name() + " again");
        }
        Order order = new Order(job.plan().spec().name(), Map.of(), Selection.LOCAL, Order.DEFAULT_TIMEOUT, Pace.DEFAULT,
                exchange.caller(), "");
        exchange.json(Trees.progress(dispatcher.retry(job.id(), order, JobListener.NONE)));
    }

    /**
     * What the command line prints on standard output.
     *
     * @throws DvsException {@code GENERIC} with its first line on standard error if it prints nothing
     */
    private String printed(Exchange exchange, String... words) throws DvsException, IOException {
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
