package org.dvs.monitor.internal.web;

import java.io.IOException;
import java.net.URL;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.osgi.service.servlet.context.ServletContextHelper;

/** The context of the console: nothing in it is reached but by the {@link Gate}. */
public final class ConsoleContext extends ServletContextHelper {
    /** Path of the console. */
    public static final String PATH = "/console";
    /** Name of the whiteboard context. */
    public static final String NAME = "dvs-console";
    /** Request attribute: what passed the gate. */
    static final String PASSED = "org.dvs.monitor.passed";

    private final Gate gate;

    ConsoleContext(Gate gate) {
        this.gate = gate;
    }

    @Override
    public boolean handleSecurity(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String uri = request.getRequestURI();
        try {
            request.setAttribute(PASSED, gate.pass(uri.substring(Math.min(PATH.length(), uri.length())), request, response));
            return true;
        } catch (Gate.Refused e) {
            if (!e.allow().isEmpty()) {
                response.setHeader("Allow", e.allow());
            }
            e.problem().send(request, response);
            return false;
        }
    }

    @Override
    public URL getResource(String name) {
        // Files are routes like everything else.
        return null;
    }
}
