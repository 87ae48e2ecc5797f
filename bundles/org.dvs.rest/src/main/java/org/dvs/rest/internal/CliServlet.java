package org.dvs.rest.internal;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.Invocation;
import org.dvs.web.api.Problem;
import org.dvs.web.api.WebContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /api/v1/cli}: the words of a command line in, a {@link FrameStream} out. When the client goes, the command is
 * interrupted and what it started is cancelled.
 */
final class CliServlet extends HttpServlet {
    /** Words of one command line at the most. */
    static final int MAX_WORDS = 1_000;

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(CliServlet.class);
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Set<String> FIELDS = Set.of("w", "tty", "width", "color");
    private static final int MAX_WIDTH = 10_000;
    private static final int INTERRUPTED = 130;
    private static final int FAILED = 1;

    private final transient CommandLine commandLine;
    private final transient CommandPool pool;
    private final long heartbeatMs;

    CliServlet(CommandLine commandLine, CommandPool pool, long heartbeatMs) {
        this.commandLine = commandLine;
        this.pool = pool;
        this.heartbeatMs = heartbeatMs;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("POST")) {
            response.setHeader("Allow", "POST");
            Problem.method(request.getMethod(), "POST").send(request, response);
            return;
        }
        try {
            Invocation invocation = invocation(request);
            FrameStream frames = new FrameStream(heartbeatMs);
            Future<?> command = pool.submit(() -> run(invocation, frames, WebContext.requestId(request)));
            response.setContentType("text/plain;charset=utf-8");
            pump(frames, command, response, WebContext.requestId(request));
        } catch (DvsException e) {
            Problem.of(e).send(request, response);
        }
    }

    /** Ends early without the line with the exit code when the client goes or the server stops. */
    private static void pump(FrameStream frames, Future<?> command, HttpServletResponse response, String requestId) {
        try {
            frames.pump(response.getOutputStream());
        } catch (InterruptedException e) {
            command.cancel(true);
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            command.cancel(true);
            LOG.debug("Request {}: the client has gone: {}", requestId, e.toString());
        }
    }

    private Void run(Invocation invocation, FrameStream frames, String requestId) {
        int code = FAILED;
        try {
            code = commandLine.run(invocation, frames);
        } catch (InterruptedException e) {
            code = INTERRUPTED;
        } catch (RuntimeException e) {
            LOG.error("Request {}: the command line failed", requestId, e);
            frames.err(ErrorCode.GENERIC.code() + ": " + ErrorCode.GENERIC.sentence() + " " + ErrorCode.GENERIC.nextStep());
        } finally {
            frames.exit(code);
        }
        return null;
    }

    private static Invocation invocation(HttpServletRequest request) throws DvsException {
        String type = request.getContentType();
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(FORM)) {
            throw new DvsException(ErrorCode.INVAL, "the body must be " + FORM);
        }
        if (request.getQueryString() != null) {
            // Addresses are logged on the way; words may be secret.
            throw new DvsException(ErrorCode.INVAL, "the words belong into the body, not behind the ?");
        }
        Map<String, String[]> form = form(request);
        for (String name : form.keySet()) {
            if (!FIELDS.contains(name)) {
                throw new DvsException(ErrorCode.INVAL, "there is no field '" + name + "'; there are w, tty, width, color");
            }
        }
        List<String> words = Arrays.asList(form.getOrDefault("w", new String[0]));
        if (words.size() > MAX_WORDS) {
            throw new DvsException(ErrorCode.TOOBIG, words.size() + " words, at most " + MAX_WORDS);
        }
        Caller web = WebContext.caller(request);
        Caller caller = web.at("cli", web.source());
        return new Invocation(words, caller, flag(form, "tty"), width(form), flag(form, "color"));
    }

    /** Read by Jetty, which has one sentence for whatever it finds wrong with a form. */
    private static Map<String, String[]> form(HttpServletRequest request) throws DvsException {
        try {
            return request.getParameterMap();
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof CharacterCodingException || cause instanceof IllegalArgumentException) {
                    throw new DvsException(ErrorCode.INVAL, "a word is not text in UTF-8", e);
                }
                if (cause instanceof IllegalStateException) {
                    throw new DvsException(ErrorCode.TOOBIG, "the words are more bytes than maxBodyBytes in org.dvs.web.cfg", e);
                }
            }
            throw e;
        }
    }

    private static boolean flag(Map<String, String[]> form, String name) throws DvsException {
        String value = one(form, name);
        if (!value.equals("0") && !value.equals("1")) {
            throw new DvsException(ErrorCode.BADVALUE, name + ": '" + value + "' is not 0 or 1");
        }
        return value.equals("1");
    }

    private static int width(Map<String, String[]> form) throws DvsException {
        String value = one(form, "width");
        if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > MAX_WIDTH) {
            throw new DvsException(ErrorCode.BADVALUE, "width: '" + value + "' is not in 0.." + MAX_WIDTH);
        }
        return Integer.parseInt(value);
    }

    private static String one(Map<String, String[]> form, String name) throws DvsException {
        String[] values = form.getOrDefault(name, new String[] {"0"});
        if (values.length != 1) {
            throw new DvsException(ErrorCode.INVAL, name + " must be given once");
        }
        return values[0];
    }
}
