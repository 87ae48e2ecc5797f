package org.dvs.rest.internal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeAnswer;
import org.dvs.api.dispatch.NodeState;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.Invocation;
import org.dvs.cli.api.Output;
import org.dvs.testkit.PlannedJob;
import org.dvs.testkit.RecordedAudit;
import org.dvs.web.api.WebContext;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * The servlets on a server of their own, with a caller set by a filter, a dispatcher and a command line that do as they are
 * told.
 */
final class RestFixture implements AutoCloseable, Catalogue, Dispatcher, CommandLine {
    static final long HEARTBEAT_MS = 50;
    static final Duration WAIT = Duration.ofSeconds(20);

    static final RequestSpec DF = RequestSpec.named("RQST_DF").command("host df").help("disks and their use").manyRows()
            .parameter(Parameter.of("min_size", ValueType.SIZE, "smallest disk shown"))
            .parameter(Parameter.of("type", ValueType.TEXT, "kind of file system").oneOf("ext4", "xfs").asOperand())
            .parameter(Parameter.of("limit", ValueType.INTEGER, "rows at the most").range(1, 100).byDefault(10L))
            .parameter(Parameter.of("ratio", ValueType.DECIMAL, "least use").range(0, 1))
            .parameter(Parameter.of("mounts", ValueType.TEXTS, "mount points").matching("/.*"))
            .parameter(Parameter.of("local", ValueType.FLAG, "no network file systems"))
            .column("mount", ValueType.TEXT, "where").column(Column.of("size", ValueType.SIZE, "of the disk").unit("B"))
            .column("used", ValueType.DECIMAL, "share").build();
    static final RequestSpec DRAIN = RequestSpec.named("RQST_DRAIN").command("lb server drain").help("drains a server").changes()
            .parameter(Parameter.of("server", ValueType.TEXT, "its name").mandatory().matching("[a-z0-9]+"))
            .parameter(Parameter.of("wait", ValueType.DURATION, "for its sessions")).build();
    static final RequestSpec END = RequestSpec.named("RQST_DVSEND").command("dvs end").help("ends the DVS").destroys()
            .role(Role.ADMIN).build();

    final List<RequestSpec> specs = new CopyOnWriteArrayList<>(List.of(DF, DRAIN, END));
    final RecordedAudit audit = new RecordedAudit();
    final List<Order> orders = new CopyOnWriteArrayList<>();
    final List<Invocation> invocations = new CopyOnWriteArrayList<>();
    final AtomicInteger cancelled = new AtomicInteger();
    /** What planning says; null for nothing wrong. */
    volatile DvsException refusal;
    /** True if jobs never end by themselves. */
    volatile boolean hang;
    /** What the command line does. */
    volatile CommandLine commands = new Rendering();
    volatile Caller caller = new Caller("ada", Set.of(Role.ADMIN), "rest", "127.0.0.1");

    private final ConcurrentMap<String, Job> jobs = new ConcurrentHashMap<>();
    private final CommandPool pool = new CommandPool(4);
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(WAIT).build();

    RestFixture() {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/", false, false);
        Filter login = (request, response, chain) -> {
            request.setAttribute(WebContext.CALLER, caller);
            request.setAttribute(WebContext.NODE, "node0");
            request.setAttribute(WebContext.REQUEST_ID, "id-1");
            chain.doFilter(request, response);
        };
        context.addFilter(new FilterHolder(login), "/*", EnumSet.of(DispatcherType.REQUEST));
        add(context, "/api/v1/cli", new CliServlet(this, pool, HEARTBEAT_MS));
        add(context, "/api/v1/*", new ApiServlet(this, new RequestRunner(this, this, HEARTBEAT_MS), audit, "0.1.0"));
        server.setHandler(context);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the server does not start", e);
        }
    }

    private static void add(ServletContextHandler context, String pattern, Servlet servlet) {
        context.addServlet(new ServletHolder(servlet), pattern);
    }

    int port() {
        return connector.getLocalPort();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    HttpResponse<String> post(String path, String type, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return post(path, "application/json", json);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(WAIT).build(), HttpResponse.BodyHandlers.ofString());
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + "/api/v1" + path);
    }

    @Override
    public void close() throws Exception {
        pool.close();
        server.stop();
    }

    /** Like the real one: {@code job info ID -o json} writes the job's answer. */
    private static final class Rendering implements CommandLine {
        @Override
        public int run(Invocation invocation, Output out) {
            if (invocation.words().contains("unknown")) {
                out.err("DVS-REQ-1007 There is no such job on this node: 'unknown'");
                return 1;
            }
            out.out("{\"words\":\"" + String.join(" ", invocation.words()) + "\",");
            out.out("\"caller\":\"" + invocation.caller().user() + "\"}");
            return 0;
        }

        @Override
        public List<String> complete(List<String> words) {
            return List.of();
        }
    }

    @Override
    public int run(Invocation invocation, Output out) throws InterruptedException {
        invocations.add(invocation);
        return commands.run(invocation, out);
    }

    @Override
    public List<String> complete(List<String> words) {
        return List.of();
    }

    @Override
    public List<RequestSpec> specs() {
        return List.copyOf(specs);
    }

    @Override
    public Optional<RequestSpec> find(String name) {
        return specs.stream().filter(spec -> spec.name().equals(name)).findFirst();
    }

    @Override
    public List<String> suggest(RequestSpec spec, Parameter parameter, String typed) {
        return List.of();
    }

    @Override
    public Plan plan(Order order) throws DvsException {
        if (refusal != null) {
            throw refusal;
        }
        RequestSpec spec = find(order.request()).orElseThrow();
        return new Plan(spec, spec.complete(order.values()), order.selection().nodes(), List.of("node0", "node1"));
    }

    @Override
    public Job dispatch(Order order, JobListener listener) throws DvsException {
        Plan plan = plan(order);
        orders.add(order);
        FakeJob job = new FakeJob("node0-1-" + orders.size(), plan);
        if (!hang) {
            job.end(node -> new NodeAnswer(node, NodeState.OK, 0, "", 1, List.of()));
        }
        jobs.put(job.id(), job);
        return job;
    }

    /** Counts how often it is cancelled. */
    private final class FakeJob extends PlannedJob {
        FakeJob(String id, Plan plan) {
            super(id, plan);
        }

        @Override
        public boolean cancel() {
            cancelled.incrementAndGet();
            return super.cancel();
        }
    }

    @Override
    public Optional<Job> job(String id) {
        return Optional.ofNullable(jobs.get(id));
    }

    @Override
    public List<Job> jobs() {
        return List.copyOf(jobs.values());
    }

    @Override
    public Job retry(String jobId, Order order, JobListener listener) throws DvsException {
        throw new DvsException(ErrorCode.NOJOB, jobId);
    }
}
