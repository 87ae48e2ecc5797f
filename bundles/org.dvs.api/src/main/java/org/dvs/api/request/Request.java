package org.dvs.api.request;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Units;

/**
 * A request as its handler sees it: values complete and checked against the {@link RequestSpec}.
 * Immutable; any thread may read it.
 */
public final class Request {
    private final RequestSpec spec;
    private final Map<String, Object> values;
    private final Caller caller;
    private final String id;
    private final LongSupplier nanoTime;
    private final long deadlineNanos;

    /**
     * @param values        complete, as {@link RequestSpec#complete} gives them
     * @param id            of the request, the same on all nodes, for logs
     * @param nanoTime      monotonic clock
     * @param deadlineNanos on that clock
     */
    public Request(RequestSpec spec, Map<String, Object> values, Caller caller, String id, LongSupplier nanoTime, long deadlineNanos) {
        this.spec = Objects.requireNonNull(spec, "spec");
        this.values = Map.copyOf(values);
        this.caller = Objects.requireNonNull(caller, "caller");
        this.id = Objects.requireNonNull(id, "id");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.deadlineNanos = deadlineNanos;
    }

    public RequestSpec spec() {
        return spec;
    }

    public Caller caller() {
        return caller;
    }

    /** The same on all nodes; belongs in every log line about this request. */
    public String id() {
        return id;
    }

    /** What is left until the deadline; zero or negative when it has passed. */
    public Duration timeLeft() {
        return Duration.ofNanos(deadlineNanos - nanoTime.getAsLong());
    }

    /**
     * Asks for time before a request begins to wait.
     *
     * @param what takes that long, e.g. {@code 5 rows of 2s}
     * @throws DvsException {@code INVAL} if the deadline comes before
     */
    public void needs(Duration time, String what) throws DvsException {
        Duration left = timeLeft();
        if (left.compareTo(time) < 0) {
            throw new DvsException(ErrorCode.INVAL, what + " take " + Units.durationText(time.toMillis())
                    + ", but the deadline is in " + Units.durationText(Math.max(0, left.toMillis())) + "; allow more with --timeout");
        }
    }

    /** A TEXT that is mandatory or has a default. */
    public String text(String name) {
        return (String) present(name);
    }

    public Optional<String> optionalText(String name) {
        return Optional.ofNullable((String) values.get(name));
    }

    /** An INTEGER, SIZE (bytes) or DURATION (ms) that is mandatory or has a default. */
    public long number(String name) {
        return (Long) present(name);
    }

    public OptionalLong optionalNumber(String name) {
        Long value = (Long) values.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** A FLAG; false when absent. */
    public boolean flag(String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    /** TEXTS; empty when absent. */
    @SuppressWarnings("unchecked")
    public List<String> texts(String name) {
        return (List<String>) values.getOrDefault(name, List.of());
    }

    private Object present(String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalStateException(spec.name() + " has no value for " + name
                    + ": neither mandatory nor with a default, or not declared");
        }
        return value;
    }
}
