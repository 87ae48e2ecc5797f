package org.dvs.monitor.internal.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import jakarta.servlet.http.HttpServletResponse;

/** The files of the console: one page, its style and its modules, read once from the bundle. Immutable. */
final class Pages {
    /** What a page of ours may do: load from here, and make no markup out of text. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
            + " form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'";
    private static final String ROOT = "/console/";
    private static final String INDEX = "index.html";
    /** All of them, named: nothing of the bundle is served by accident. */
    private static final List<String> FILES = List.of(INDEX, "style.css", "icon.svg", "app.js", "api.js", "dom.js", "format.js",
            "live.js", "look.js", "login.js", "table.js", "rows.js", "words.js", "form.js", "ask.js", "result.js", "diff.js",
            "log.js", "overview.js", "nodes.js", "requests.js", "topology.js", "pairs.js", "picture.js", "jobs.js", "audit.js",
            "configuration.js");
    private final Map<String, File> files = new LinkedHashMap<>();

    private record File(String type, byte[] content, String tag) {
    }

    Pages() {
        FILES.forEach(name -> files.put(name, read(name)));
    }

    private static File read(String name) {
        try (InputStream in = Pages.class.getResourceAsStream(ROOT + name)) {
            byte[] content = in.readAllBytes();
            String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            return new File(type(name), content, '"' + digest.substring(0, 16) + '"');
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read from the bundle", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html;charset=utf-8";
            case "css" -> "text/css;charset=utf-8";
            case "js" -> "text/javascript;charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalStateException(name + " has no type");
        };
    }

    List<Route> routes() {
        Route typed = Route.open("GET", "", exchange -> exchange.response().sendRedirect(ConsoleContext.PATH + "/"));
        Route index = Route.open("GET", "/", exchange -> send(INDEX, exchange));
        return Stream.concat(Stream.of(typed, index), FILES.stream().filter(name -> !name.equals(INDEX))
                .map(name -> Route.open("GET", "/" + name, exchange -> send(name, exchange)))).toList();
    }

    private void send(String name, Exchange exchange) throws IOException {
        File file = files.get(name);
        HttpServletResponse response = exchange.response();
        response.setHeader("Content-Security-Policy", POLICY);
        // Kept by the browser, and asked for each time whether it is still the same.
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("ETag", file.tag());
        if (file.tag().equals(exchange.request().getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(file.type());
        response.setContentLength(file.content().length);
        response.getOutputStream().write(file.content());
    }
}
