package org.dvs.monitor.internal.web;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.Job;
import org.dvs.api.dispatch.JobListener;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.api.dispatch.Order;
import org.dvs.api.dispatch.Pace;
import org.dvs.api.dispatch.Plan;
import org.dvs.api.dispatch.Selection;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.api.security.Accounts;
import org.dvs.api.security.Authenticator;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.Invocation;
import org.dvs.cli.api.OrderReader;
import org.dvs.cli.api.Output;
import org.dvs.monitor.internal.live.Hub;
import org.dvs.monitor.internal.login.Sessions;
import org.dvs.monitor.internal.login.Tickets;
import org.dvs.testkit.PlannedJob;
import org.dvs.web.api.WebContext;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The console on a server of its own, without TLS, over services that do as they are told. */
final class ConsoleFixture implements AutoCloseable, Catalogue, Dispatcher, CommandLine, OrderReader, NodeDirectory,
        Authenticator, Accounts {
    static final Duration WAIT = Duration.ofSeconds(20);
    static final RequestSpec DF = RequestSpec.named("RQST_DF").command("host df").help("disks").manyRows()
            .parameter(Parameter.of("path", ValueType.TEXT, "of a file")).column("target", ValueType.TEXT, "where").build();
    static final RequestSpec STAT = RequestSpec.named("RQST_STAT").command("host stat").help("load").streams()
            .parameter(Parameter.of("interval", ValueType.DURATION, "of a row").range(100, 60_000).byDefault(1_000L))
            .parameter(Parameter.of("count", ValueType.INTEGER, "of rows").range(1, 60).byDefault(1L))
            .column("target", ValueType.TEXT, "where").build();
    static final RequestSpec END = RequestSpec.named("RQST_DVSEND").command("dvs end").help("ends the DVS").destroys()
            .role(Role.ADMIN).build();
    private static final Pattern CSRF = Pattern.compile("\"csrf\":\"([^\"]+)\"");

    final AtomicLong nanos = new AtomicLong();
    final Sessions sessions = new Sessions(Duration.ofMinutes(15), Duration.ofHours(12), nanos::get, new SecureRandom(), this);
    final Tickets tickets = new Tickets(Duration.ofSeconds(60), nanos::get, new SecureRandom());
    final Hub hub = new Hub(3);
    final List<Job> jobs = new CopyOnWriteArrayList<>();
    final List<Order> retried = new CopyOnWriteArrayList<>();
    final Console console = new Console(new Console.Services(this, this, this, this, this, this, this), sessions, tickets, hub,
            () -> Map.of("load", Map.of()), () -> { }, "1.2.3");
    /** Roles of users that have changed since they logged in; none for an account that was removed. */
    final Map<String, Set<String>> changed = new ConcurrentHashMap<>();
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(WAIT).build();

    ConsoleFixture() {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/", false, false);
        ConsoleContext console = this.console.context();
        Filter whiteboard = (request, response, chain) -> {
            request.setAttribute(WebContext.NODE, "node0");
            request.setAttribute(WebContext.REQUEST_ID, "id-1");
            request.setAttribute(WebContext.CALLER, new Caller("token", Set.of(Role.OPERATOR), "rest", "127.0.0.1"));
            HttpServletRequest http = (HttpServletRequest) request;
            if (!http.getRequestURI().startsWith(ConsoleContext.PATH)
                    || console.handleSecurity(http, (HttpServletResponse) response)) {
                chain.doFilter(request, response);
            }
        };
        FilterHolder holder = new FilterHolder(whiteboard);
        holder.setAsyncSupported(true);
        context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
        ServletHolder servlet = new ServletHolder(this.console.servlet());
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, ConsoleContext.PATH + "/*");
        context.addServlet(new ServletHolder(this.console.linkServlet()), Console.linkPath());
        server.setHandler(context);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the server does not start", e);
        }
    }

    /** A browser: what it keeps of a session. */
    record Browser(String cookie, String csrf) {
        static final Browser NEW = new Browser("", "");
    }

    int port() {
        return connector.getLocalPort();
    }

    String origin() {
        return "https://127.0.0.1:" + port();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).timeout(WAIT);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpClient client() {
        return client;
    }

    HttpResponse<String> get(Browser browser, String path) throws IOException, InterruptedException {
        return send(request("/console" + path).header("Cookie", browser.cookie()).GET());
    }

    HttpResponse<String> post(Browser browser, String path, String... form) throws IOException, InterruptedException {
        return send(posting(browser, path, form));
    }

    HttpRequest.Builder posting(Browser browser, String path, String... form) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < form.length; i += 2) {
            body.append(i == 0 ? "" : "&").append(form[i]).append('=').append(URLEncoder.encode(form[i + 1],
                    StandardCharsets.UTF_8));
        }
        return request("/console" + path).header("Content-Type", "application/x-www-form-urlencoded").header("Origin", origin())
                .header("Cookie", browser.cookie()).header(Gate.CSRF, browser.csrf())
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    /** Logs in; the fake realm takes the names of roles, and "nobody" who has none. */
    Browser login(String user) throws IOException, InterruptedException {
        HttpResponse<String> in = post(Browser.NEW, "/api/login", "user", user, "password", "right");
        return browser(in);
    }

    static Browser browser(HttpResponse<String> in) {
        String cookie = in.headers().firstValue("Set-Cookie").orElseThrow(() -> new AssertionError(in.body())).split(";", 2)[0];
        var csrf = CSRF.matcher(in.body());
        if (!csrf.find()) {
            throw new AssertionError(in.body());
        }
        return new Browser(cookie, csrf.group(1));
    }

    @Override
    public void close() throws Exception {
        hub.close();
        server.stop();
    }

    @Override
    public Caller password(String user, char[] password, String channel, String source) throws DvsException {
        if (!new String(password).equals("right")) {
            throw new DvsException(ErrorCode.NOLOGIN, "wrong name or password for '" + user + "'");
        }
        return new Caller(user, user.equals("nobody") ? Set.of() : Set.of(Role.valueOf(user.toUpperCase(java.util.Locale.ROOT))),
                channel, source);
    }

    @Override
    public void confirm(Caller caller) {
        throw new IllegalStateException("the dispatcher asks that");
    }

    @Override
    public Set<String> roles(Caller caller) throws DvsException {
        Set<String> now = changed.getOrDefault(caller.user(), Set.of("viewer", "operator", "admin", "auditor"));
        if (now.isEmpty()) {
            throw new DvsException(ErrorCode.NOLOGIN, "the account of '" + caller.user() + "' has been removed from this node");
        }
        if (caller.proof().equals("old")) {
            throw new DvsException(ErrorCode.NOLOGIN, "the token of '" + caller.user() + "' has been changed");
        }
        return now;
    }

    @Override
    public Caller token(String token, String channel, String source) throws DvsException {
        throw new DvsException(ErrorCode.NOLOGIN, "no tokens here");
    }

    @Override
    public List<RequestSpec> specs() {
        return List.of(DF, END, STAT);
    }

    @Override
    public Optional<RequestSpec> find(String name) {
        return specs().stream().filter(spec -> spec.name().equals(name)).findFirst();
    }

    @Override
    public List<String> suggest(RequestSpec spec, Parameter parameter, String typed) {
        return List.of(typed + "/var");
    }

    @Override
    public Order order(List<String> words, Caller caller) throws DvsException {
        RequestSpec spec = specs().stream().filter(each -> String.join(" ", words).startsWith(String.join(" ", each.command())))
                .findFirst().orElseThrow(() -> new DvsException(ErrorCode.USAGE, String.join(" ", words)));
        return new Order(spec.name(), Map.of(), Selection.ALL, Order.DEFAULT_TIMEOUT, Pace.DEFAULT, caller, "");
    }

    @Override
    public String flag(Parameter parameter) {
        return "--arg-" + parameter.name();
    }

    @Override
    public Plan plan(Order order) throws DvsException {
        RequestSpec spec = find(order.request()).orElseThrow();
        order.caller().require(spec.role(), spec.name());
        return new Plan(spec, order.values(), "*", nodes());
    }

    @Override
    public Job dispatch(Order order, JobListener listener) throws DvsException {
        PlannedJob job = new PlannedJob("node0-1-" + (jobs.size() + 1), plan(order));
        jobs.add(job);
        return job;
    }

    @Override
    public Optional<Job> job(String id) {
        return jobs.stream().filter(job -> job.id().equals(id)).findFirst();
    }

    @Override
    public List<Job> jobs() {
        return List.copyOf(jobs);
    }

    @Override
    public Job retry(String jobId, Order order, JobListener listener) throws DvsException {
        retried.add(order);
        return dispatch(order, listener);
    }

    @Override
    public int run(Invocation invocation, Output out) {
        if (invocation.words().get(1).equals("cancel")) {
            job(invocation.words().get(2)).orElseThrow().cancel();
        }
        out.out("printed: " + String.join(" ", invocation.words()));
        return 0;
    }

    @Override
    public List<String> complete(List<String> words) {
        return List.of();
    }

    @Override
    public List<String> nodes() {
        return List.of("node0", "node1");
    }

    @Override
    public Map<String, String> groups() {
        return Map.of("web", "node1");
    }

    @Override
    public String local() {
        return "node0";
    }
}
