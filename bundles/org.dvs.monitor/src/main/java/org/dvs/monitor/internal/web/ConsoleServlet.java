package org.dvs.monitor.internal.web;

import java.io.IOException;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.dvs.api.DvsException;
import org.dvs.web.api.Problem;

/** Runs what the {@link Gate} let pass. */
final class ConsoleServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!(request.getAttribute(ConsoleContext.PASSED) instanceof Gate.Passed passed)) {
            throw new IllegalStateException("not in the context " + ConsoleContext.NAME);
        }
        try {
            passed.route().action().run(passed.exchange());
        } catch (DvsException e) {
            Problem.of(e).send(request, response);
        }
    }
}
