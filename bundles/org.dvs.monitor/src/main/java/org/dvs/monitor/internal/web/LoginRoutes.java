package org.dvs.monitor.internal.web;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.security.Accounts;
import org.dvs.api.security.Authenticator;
import org.dvs.monitor.internal.login.Session;
import org.dvs.monitor.internal.login.Sessions;
import org.dvs.monitor.internal.login.Tickets;
import org.dvs.web.api.WebContext;

/** In by name and password or by a link that is good once, and out again. */
final class LoginRoutes {
    private static final String CHANNEL = "web";

    private final Authenticator authenticator;
    private final Sessions sessions;
    private final Tickets tickets;
    private final Accounts accounts;
    private final String version;

    LoginRoutes(Authenticator authenticator, Accounts accounts, Sessions sessions, Tickets tickets, String version) {
        this.authenticator = authenticator;
        this.accounts = accounts;
        this.sessions = sessions;
        this.tickets = tickets;
        this.version = version;
    }

    List<Route> routes() {
        return List.of(
                Route.open("POST", "/api/login", this::login),
                Route.open("POST", "/api/ticket", this::ticket),
                Route.needs(Role.VIEWER, "GET", "/api/session", this::session),
                Route.needs(Role.VIEWER, "POST", "/api/logout", this::logout));
    }

    private void login(Exchange exchange) throws IOException, DvsException {
        char[] password = exchange.text("password").toCharArray();
        try {
            open(authenticator.password(exchange.text("user"), password, CHANNEL, exchange.request().getRemoteAddr()), exchange);
        } finally {
            Arrays.fill(password, ' ');
        }
    }

    private void ticket(Exchange exchange) throws IOException, DvsException {
        Caller known = tickets.redeem(exchange.text("ticket")).orElseThrow(() -> new DvsException(ErrorCode.NOLOGIN,
                "the link was used, is older than " + tickets.good().toSeconds()
                        + " s, or was made by another node; 'dvs open' makes one"));
        // The account may have gone or changed since the link was made.
        open(accounts.current(known.at(CHANNEL, exchange.request().getRemoteAddr())), exchange);
    }

    /** The browser gets a new id whatever it had before. */
    private void open(Caller caller, Exchange exchange) throws IOException, DvsException {
        caller.require(Role.VIEWER, "the console");
        exchange.session().ifPresent(sessions::close);
        Sessions.Opened opened = sessions.open(caller);
        cookie(exchange, opened.id(), "");
        exchange.json(tree(opened.session(), exchange));
    }

    private static void cookie(Exchange exchange, String value, String more) {
        exchange.response().setHeader("Set-Cookie", Gate.cookieName(exchange.request()) + '=' + value
                + "; Path=/; Secure; HttpOnly; SameSite=Strict" + more);
    }

    private void session(Exchange exchange) throws IOException {
        exchange.json(tree(exchange.session().orElseThrow(), exchange));
    }

    private Map<String, Object> tree(Session session, Exchange exchange) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("user", session.caller().user());
        tree.put("roles", session.caller().roles().stream().map(Role::word).sorted().toList());
        tree.put("csrf", session.csrf());
        tree.put("node", WebContext.node(exchange.request()));
        tree.put("version", version);
        return tree;
    }

    private void logout(Exchange exchange) throws IOException {
        sessions.close(exchange.session().orElseThrow());
        cookie(exchange, "", "; Max-Age=0");
        exchange.json(Map.of());
    }
}
