package org.dvs.rest.internal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.security.Audit;
import org.dvs.api.security.AuditEntry;
import org.dvs.api.security.AuditEntry.Step;
import org.dvs.web.api.Problem;
import org.dvs.web.api.WebContext;

/**
 * Everything below {@value #BASE} but the command line: one resource for each request served at this moment, the catalogue,
 * its OpenAPI document, and jobs. What is not one of these is 404.
 */
final class ApiServlet extends HttpServlet {
    /** Path of all resources. */
    static final String BASE = "/api/v1";

    private static final long serialVersionUID = 1L;
    private static final String JSON = "application/json";
    private static final String JOBS = "/jobs/";
    private static final int UNSUPPORTED_MEDIA_TYPE = 415;

    private final transient Catalogue catalogue;
    private final transient RequestRunner runner;
    private final transient Audit audit;
    private final String version;

    ApiServlet(Catalogue catalogue, RequestRunner runner, Audit audit, String version) {
        this.catalogue = catalogue;
        this.runner = runner;
        this.audit = audit;
        this.version = version;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            route(Optional.ofNullable(request.getPathInfo()).orElse("/"), request, response);
        } catch (DvsException e) {
            if (response.isCommitted()) {
                // Blanks went out already: an answer that ended with them would look like a whole one.
                throw new IOException("the answer had begun: " + e.getMessage(), e);
            }
            Problem.of(e).send(request, response);
        }
    }

    private void route(String path, HttpServletRequest request, HttpServletResponse response) throws IOException, DvsException {
        Caller caller = WebContext.caller(request);
        switch (path) {
            case "/requests" -> {
                if (allowed(request, response, "GET")) {
                    require(caller, Role.VIEWER, path.substring(1), false, request);
                    RequestRunner.document(catalogue.specs().stream().map(Describe::request).toList(), response);
                }
            }
            case "/openapi.json" -> {
                if (allowed(request, response, "GET")) {
                    require(caller, Role.VIEWER, path.substring(1), false, request);
                    RequestRunner.document(OpenApi.document(catalogue.specs(), version), response);
                }
            }
            case "/jobs" -> {
                if (allowed(request, response, "GET")) {
                    runner.render(List.of("job", "list", "-o", "json"), caller, response);
                }
            }
            default -> {
                if (path.startsWith(JOBS) && path.indexOf('/', JOBS.length()) < 0) {
                    job(path.substring(JOBS.length()), caller, request, response);
                } else {
                    request(path, caller, request, response);
                }
            }
        }
    }

    private void job(String id, Caller caller, HttpServletRequest request, HttpServletResponse response)
            throws IOException, DvsException {
        if (id.isEmpty() || id.startsWith("-")) {
            throw new DvsException(ErrorCode.NOJOB, "'" + id + "'");
        }
        if (allowed(request, response, "GET", "DELETE")) {
            if (request.getMethod().equals("GET")) {
                runner.render(List.of("job", "info", id, "-o", "json"), caller, response);
            } else {
                runner.text(List.of("job", "cancel", id), caller, response);
            }
        }
    }

    private void request(String path, Caller caller, HttpServletRequest request, HttpServletResponse response)
            throws IOException, DvsException {
        RequestSpec spec = catalogue.specs().stream().filter(each -> Describe.path(each).equals(path)).findFirst()
                .orElseThrow(() -> new DvsException(ErrorCode.BADREQUEST, "nothing is served at " + BASE + path));
        if (!allowed(request, response, spec.changes() ? new String[] {"POST"} : new String[] {"GET", "POST"})) {
            return;
        }
        // Before the body is read: who may not ask is not listened to.
        require(caller, spec.role(), spec.name(), spec.changes(), request);
        Call call;
        if (request.getMethod().equals("GET")) {
            call = CallReader.query(spec, request.getParameterMap());
        } else {
            String type = request.getContentType();
            if (type != null && !type.split(";", 2)[0].strip().equalsIgnoreCase(JSON)) {
                new Problem(UNSUPPORTED_MEDIA_TYPE, ErrorCode.INVAL, "the body must be " + JSON).send(request, response);
                return;
            }
            if (request.getQueryString() != null) {
                throw new DvsException(ErrorCode.INVAL, "with POST everything belongs into the body, nothing behind the ?");
            }
            call = CallReader.body(spec, Json.read(request.getInputStream()));
        }
        runner.run(spec, call, caller, WebContext.requestId(request), response);
    }

    private void require(Caller caller, Role needed, String what, boolean changes,
            HttpServletRequest request) throws DvsException {
        audit.require(caller, needed, new AuditEntry(Step.ASKED, caller, WebContext.node(request), "",
                WebContext.requestId(request),
                what, "", "", changes, 0, ""));
    }

    private static boolean allowed(HttpServletRequest request, HttpServletResponse response, String... methods)
            throws IOException {
        if (List.of(methods).contains(request.getMethod())) {
            return true;
        }
        response.setHeader("Allow", String.join(", ", methods));
        Problem.method(request.getMethod(), String.join(", ", methods)).send(request, response);
        return false;
    }
}
