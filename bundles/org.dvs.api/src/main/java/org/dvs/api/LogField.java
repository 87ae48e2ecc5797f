package org.dvs.api;

/**
 * What an event of the log may say beside its text, put into the logger's map of the thread (SLF4J's {@code MDC}) around what is
 * logged. Written as it is by {@code dvs.log.format = ecs}; names are those of Elastic's common schema, and {@code dvs.*}.
 *
 * <p>Source: conventions 8.
 */
public final class LogField {
    /** The code of an error, {@code DVS-SEC-1005}, or the name of an event, {@code DISCONNECT}. */
    public static final String CODE = "event.code";
    /** One call of one user, wherever it is worked on. */
    public static final String REQUEST = "dvs.request_id";
    /** Of a request to nodes, as {@code dvs job list} shows it. */
    public static final String JOB = "dvs.job_id";
    /** The DC that it is about. */
    public static final String DC = "dvs.dc_id";
    /** The other node, by name or id. */
    public static final String PEER = "dvs.peer";
    /** For whom. */
    public static final String USER = "user.name";
    /** Address from which it was asked. */
    public static final String SOURCE = "source.ip";
    /** Of the caller's trace, by W3C's {@code traceparent}. */
    public static final String TRACE = "trace.id";

    private LogField() {
    }
}
