package org.dvs.metrics.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.dvs.api.DvsException;
import org.dvs.api.Role;
import org.dvs.web.api.Problem;
import org.dvs.web.api.WebContext;

/** One resource, {@value #PATH}, for who may see what a {@link Role#VIEWER} may see. */
final class MetricsServlet extends HttpServlet {
    static final String PATH = "/metrics";

    private static final long serialVersionUID = 1L;
    private static final String METHODS = "GET, HEAD";

    private final transient Scraper scraper;

    MetricsServlet(Scraper scraper) {
        this.scraper = scraper;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            WebContext.caller(request).require(Role.VIEWER, PATH);
        } catch (DvsException e) {
            Problem.of(e).send(request, response);
            return;
        }
        boolean head = request.getMethod().equals("HEAD");
        if (!head && !request.getMethod().equals("GET")) {
            response.setHeader("Allow", METHODS);
            Problem.method(request.getMethod(), METHODS).send(request, response);
            return;
        }
        TextFormat format = TextFormat.of(request.getHeader("Accept"));
        byte[] body = format.write(scraper.scrape()).getBytes(StandardCharsets.UTF_8);
        response.setContentType(format.contentType());
        response.setHeader("Vary", "Accept");
        response.setContentLength(body.length);
        if (!head) {
            response.getOutputStream().write(body);
        }
    }
}
