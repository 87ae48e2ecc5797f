package org.dvs.health.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.api.Role;
import org.dvs.web.api.Problem;
import org.dvs.web.api.WebContext;

/**
 * The probes, and {@code /health/checks/NAME}: 200 or 503 with lines of text, for who may see what a {@link Role#VIEWER} sees.
 * Answers from results that are there, so it waits for nothing.
 */
final class HealthServlet extends HttpServlet {
    /** Below it, a resource for each check. */
    static final String CHECKS = "/health/checks";

    private static final long serialVersionUID = 1L;
    private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final String METHODS = "GET, HEAD";
    private static final int LONGEST = 512;

    private final transient Supplier<Findings> findings;

    HealthServlet(Supplier<Findings> findings) {
        this.findings = findings;
    }

    /** What it is to be registered for. */
    static String[] patterns() {
        return Stream.concat(Arrays.stream(Probe.values()).flatMap(probe -> Arrays.stream(probe.paths())),
                Stream.of(CHECKS + "/*")).toArray(String[]::new);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            WebContext.caller(request).require(Role.VIEWER, "health");
            if (!Set.of("GET", "HEAD").contains(request.getMethod())) {
                response.setHeader("Allow", METHODS);
                Problem.method(request.getMethod(), METHODS).send(request, response);
                return;
            }
            Optional<Probe> probe = Probe.of(request.getServletPath());
            if (probe.isPresent()) {
                probe(probe.get(), request, response);
            } else {
                check(Optional.ofNullable(request.getPathInfo()).orElse("/").substring(1), response);
            }
        } catch (DvsException e) {
            Problem.of(e).send(request, response);
        }
    }

    private void probe(Probe probe, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Set<String> exclude = Set.copyOf(Arrays.asList(Optional.ofNullable(request.getParameterValues("exclude"))
                .orElse(new String[0])));
        List<Outcome> outcomes = findings.get().of(probe, exclude, System.nanoTime(), MAX_AGE_NANOS);
        StringBuilder text = new StringBuilder();
        if (request.getParameter("verbose") != null) {
            outcomes.forEach(outcome -> text.append(line(outcome)).append('\n'));
        }
        text.append(Findings.worst(outcomes)).append('\n');
        send(response, outcomes.stream().allMatch(Outcome::passes), text.toString());
    }

    private void check(String name, HttpServletResponse response) throws IOException, DvsException {
        Outcome outcome = findings.get().check(name).orElseThrow(() -> new DvsException(ErrorCode.BADREQUEST,
                "no health check is called " + Printable.quoted(name, LONGEST) + "; see /readyz?verbose"));
        send(response, outcome.passes(), line(outcome) + '\n');
    }

    /** {@code [+] quorum: OK, 3 of 3 nodes} */
    private static String line(Outcome outcome) {
        return (outcome.passes() ? "[+] " : "[-] ") + Printable.line(outcome.name(), LONGEST) + ": " + outcome.status()
                + (outcome.detail().isEmpty() ? "" : ", " + Printable.line(outcome.detail(), LONGEST));
    }

    private static void send(HttpServletResponse response, boolean passes, String text) throws IOException {
        response.setStatus(passes ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType("text/plain; charset=utf-8");
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
}
