package org.dvs.monitor.internal.web;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.monitor.internal.login.Session;
import org.dvs.monitor.internal.login.Sessions;
import org.dvs.web.api.Problem;

/**
 * Who may do what at the console. Finds the route of a request and the session of its cookie, and lets nothing pass that is not
 * declared, comes from another page, lacks the word of its session, or needs a role that is not held. Thread-safe.
 *
 * <p>Source: conventions 12 (web).
 */
final class Gate {
    /** Header with the word that proves a page of ours. */
    static final String CSRF = "X-DVS-CSRF";
    /** Header that a page sets on what it does by itself. */
    static final String BY_ITSELF = "X-DVS-Background";
    private static final String SITE = "Sec-Fetch-Site";
    /** A name, a password of 72 bytes and a word of a link are a few hundred, all of it escaped. */
    static final int STRANGERS_BYTES = 4_096;

    private final List<Route> routes;
    private final Sessions sessions;

    Gate(List<Route> routes, Sessions sessions) {
        this.routes = List.copyOf(routes);
        this.sessions = sessions;
    }

    /** A request that may pass: its route, and all that belongs to it. */
    record Passed(Route route, Exchange exchange) {
    }

    /** Why a request may not pass. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Problem problem;
        private final String allow;

        Refused(Problem problem, String allow) {
            super(problem.detail(), null, false, false);
            this.problem = problem;
            this.allow = allow;
        }

        Problem problem() {
            return problem;
        }

        /** The methods there are; empty unless the method is what is wrong. */
        String allow() {
            return allow;
        }
    }

    List<Route> routes() {
        return routes;
    }

    /** @param path below the console, as it was sent */
    Passed pass(String path, HttpServletRequest request, HttpServletResponse response) throws Refused {
        List<Route> here = routes.stream().filter(route -> route.match(path).isPresent()).toList();
        if (here.isEmpty()) {
            throw refused(ErrorCode.BADREQUEST, "nothing is served there");
        }
        Optional<Route> found = here.stream().filter(route -> route.method().equals(request.getMethod())).findFirst();
        if (found.isEmpty()) {
            String allowed = String.join(", ", here.stream().map(Route::method).toList());
            throw new Refused(Problem.method(request.getMethod(), allowed), allowed);
        }
        Route route = found.get();
        Map<String, String> names = route.match(path).orElseThrow();
        boolean page = route.role().isEmpty() && !route.changes();
        if (!page) {
            fromOurPage(route, request);
        }
        if (route.role().isEmpty() && route.changes()) {
            shortForm(request);
        }
        Optional<Session> session = session(request, route);
        if (route.role().isPresent()) {
            may(route, route.role().get(), session, request);
        }
        return new Passed(route, new Exchange(request, response, names, session));
    }

    private Optional<Session> session(HttpServletRequest request, Route route) throws Refused {
        String id = cookie(request);
        try {
            return id.isEmpty() ? Optional.empty() : sessions.find(id, request.getHeader(BY_ITSELF) == null);
        } catch (DvsException e) {
            if (route.role().isEmpty()) {
                return Optional.empty();
            }
            throw new Refused(Problem.of(e), "");
        }
    }

    /** A browser tells from where a page asks; to another port of this machine it would send our cookie all the same. */
    private static void fromOurPage(Route route, HttpServletRequest request) throws Refused {
        String site = request.getHeader(SITE);
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            throw refused(ErrorCode.OTHERPAGE, "it was asked by a page that is not the console's");
        }
        String ours = "https://" + request.getHeader("Host");
        if (route.changes() && !ours.equalsIgnoreCase(request.getHeader("Origin"))) {
            throw refused(ErrorCode.OTHERPAGE, "the header Origin must be " + ours);
        }
    }

    /** A form is kept in memory until all of it has come, and anybody may send one before he has logged in. */
    private static void shortForm(HttpServletRequest request) throws Refused {
        long bytes = request.getContentLengthLong();
        if (bytes < 0 || bytes > STRANGERS_BYTES) {
            throw refused(ErrorCode.TOOBIG, "a form that needs no login says its length and has " + STRANGERS_BYTES
                    + " bytes at the most");
        }
    }

    private static void may(Route route, Role role, Optional<Session> session, HttpServletRequest request) throws Refused {
        if (session.isEmpty()) {
            throw refused(ErrorCode.NOLOGIN, "there is no session, or it has ended");
        }
        if (route.changes() && !session.get().proves(request.getHeader(CSRF))) {
            throw refused(ErrorCode.OTHERPAGE, "the page is not of the login that this browser has now");
        }
        try {
            session.get().caller().require(role, route.method() + ' ' + route.pattern());
        } catch (DvsException e) {
            throw new Refused(Problem.of(e), "");
        }
    }

    private static Refused refused(ErrorCode code, String detail) {
        return new Refused(Problem.of(code, detail), "");
    }

    /**
     * With the port: browsers share cookies between all nodes of one machine. The prefix makes them refuse one that is not
     * ours.
     */
    static String cookieName(HttpServletRequest request) {
        return "__Host-dvs-" + request.getServerPort();
    }

    private static String cookie(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        String name = cookieName(request);
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(name)) {
                    return cookie.getValue();
                }
            }
        }
        return "";
    }
}
