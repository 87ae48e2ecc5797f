package org.dvs.monitor.internal.web;

import java.io.IOException;
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
import org.dvs.cli.api.OrderReader;
import org.dvs.monitor.internal.model.Trees;

/**
 * What can be asked, and the jobs that come of it. A page sends the words of the command line that it also offers to copy, so
 * that both mean the same. Which role a request needs is the dispatcher's to check, as for every other face.
 */
final class JobRoutes {
    private static final int JOBS = 200;


    private final Dispatcher dispatcher;
    private final Catalogue catalogue;
    private final NodeDirectory directory;
    private final OrderReader orders;
    private final ResultRoutes results;

    JobRoutes(Dispatcher dispatcher, Catalogue catalogue, NodeDirectory directory, OrderReader orders,
            ResultRoutes results) {
        this.dispatcher = dispatcher;
        this.catalogue = catalogue;
        this.directory = directory;
        this.orders = orders;
        this.results = results;
    }

    List<Route> routes() {
        return List.of(
                Route.needs(Role.VIEWER, "GET", "/api/catalogue", this::catalogue),
                Route.needs(Role.VIEWER, "GET", "/api/suggest", this::suggest),
                Route.needs(Role.VIEWER, "POST", "/api/plan", this::plan),
                Route.needs(Role.VIEWER, "GET", "/api/jobs", this::jobs),
                Route.needs(Role.VIEWER, "POST", "/api/jobs", this::start),
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

    private void cancel(Exchange exchange) throws IOException, DvsException {
        String id = results.known(exchange).id();
        results.printed(exchange, "job", "cancel", id);
        results.job(exchange);
    }

    private void retry(Exchange exchange) throws IOException, DvsException {
        Job job = results.known(exchange);
        if (job.plan().spec().destructive() && !exchange.text("confirm").equals("yes")) {
            throw new DvsException(ErrorCode.CONFIRM, job.plan().spec().name() + " again");
        }
        Order order = new Order(job.plan().spec().name(), Map.of(), Selection.LOCAL, Order.DEFAULT_TIMEOUT, Pace.DEFAULT,
                exchange.caller(), "");
        exchange.json(Trees.progress(dispatcher.retry(job.id(), order, JobListener.NONE)));
    }
}
