package org.dvs.web.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLContext;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;

import org.dvs.api.security.AddressLimit;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jetty as we want it: one listener, TLS 1.3 or 1.2 with authenticated ciphers, HTTP/1.1 taken strictly, one root context with
 * one servlet behind the {@link Doorkeeper}.
 */
final class WebServer {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final int MIN_THREADS = 4;
    private static final int THREAD_IDLE_MS = (int) TimeUnit.MINUTES.toMillis(1);
    private static final long STOP_MS = 1_000;
    private static final int MAX_FORM_KEYS = 1_100;
    private static final int ACCEPT_QUEUE = 512;
    private static final int OUTPUT_BUFFER_BYTES = 16 * 1024;
    private static final long POOL_BYTES = 8L << 20;

    private final Server server;
    private final ServerConnector connector;
    private final ServletContextHandler context = new ServletContextHandler("/", false, false);

    /**
     * Opens nothing yet.
     *
     * @param root gets every request that the doorkeeper lets in
     */
    WebServer(WebSettings settings, String node, SSLContext tls, HostRules hosts, Servlet root) {
        QueuedThreadPool threads = new QueuedThreadPool(settings.maxThreads(), MIN_THREADS, THREAD_IDLE_MS);
        threads.setName("dvs-web-http");
        threads.setReservedThreads(0);
        threads.setDaemon(true);
        server = new Server(threads, new ScheduledExecutorScheduler("dvs-web-timer-1", true),
                new ArrayByteBufferPool(0, -1, -1, -1, POOL_BYTES, 0));
        server.setStopTimeout(STOP_MS);
        server.setErrorHandler(new ProblemHandler(node));

        SslContextFactory.Server secure = new SslContextFactory.Server();
        secure.setSslContext(tls);
        secure.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        secure.setIncludeCipherSuites("TLS_AES_.*", "TLS_CHACHA20_.*", "TLS_ECDHE_ECDSA_WITH_AES_.*_GCM_.*",
                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_.*");
        secure.setRenegotiationAllowed(false);
        HttpConnectionFactory http = new HttpConnectionFactory(http(settings));
        connector = new ServerConnector(server, 1, 1, new SslConnectionFactory(secure, http.getProtocol()), http);
        connector.setHost(settings.address());
        connector.setPort(settings.port());
        // Java's own 50 lets a crowd wait for seconds, as who finds no place comes again only then.
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(settings.idleTimeoutMs());
        // This machine's own address is shared by all operators on it.
        connector.addBean(new ConnectionLimit(new AddressLimit(settings.maxConnectionsPerAddress(),
                InetAddress::isLoopbackAddress)));
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(settings.maxConnections(), connector));

        ServletHolder holder = new ServletHolder("root", root);
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/*");
        context.setErrorHandler(new ProblemHandler(node));
        context.setMaxFormContentSize(settings.maxBodyBytes());
        context.setMaxFormKeys(MAX_FORM_KEYS);
        SizeLimitHandler limit = new SizeLimitHandler(settings.maxBodyBytes(), -1);
        limit.setHandler(context);
        // Outermost, so that what is taken behind an answer has its end too.
        server.setHandler(new BodyDeadline(settings.idleTimeoutMs(), settings.maxBodyBytes(),
                new BodyDrain(settings.maxBodyBytes(), new ShortBody(new AnswerDeadline(settings.idleTimeoutMs(),
                        new Doorkeeper(node, hosts, limit))))));
    }

    private static HttpConfiguration http(WebSettings settings) {
        HttpConfiguration http = new HttpConfiguration();
        http.setHttpCompliance(HttpCompliance.STRICT);
        http.setUriCompliance(UriCompliance.RFC3986);
        http.setRequestHeaderSize(settings.maxHeaderBytes());
        http.setOutputBufferSize(OUTPUT_BUFFER_BYTES);
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        // Which names are ours is the doorkeeper's to say.
        SecureRequestCustomizer secure = new SecureRequestCustomizer();
        secure.setSniHostCheck(false);
        http.addCustomizer(secure);
        return http;
    }

    /** @throws IOException if the port cannot be opened, naming it */
    void start() throws IOException {
        // Jetty looks for its own services by the thread's class loader.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Server.class.getClassLoader());
        try {
            server.start();
        } catch (Exception e) {
            stop();
            throw new IOException("cannot serve at " + connector.getHost() + ':' + connector.getPort() + ": " + e.getMessage(),
                    e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    ServletContext servletContext() {
        return context.getServletContext();
    }

    /** The open port. */
    int port() {
        return connector.getLocalPort();
    }

    /** Closes the port; requests may end for a second, then they are interrupted and all connections cut. */
    void stop() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOG.info("Connections were cut that did not end within {} ms", STOP_MS);
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP server did not stop cleanly", e);
        }
    }
}
