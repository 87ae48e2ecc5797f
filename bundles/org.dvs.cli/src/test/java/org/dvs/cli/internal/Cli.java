package org.dvs.cli.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.dvs.api.Caller;
import org.dvs.cli.api.Invocation;
import org.dvs.testkit.RecordedAudit;

/** A command line over fakes, for tests: three nodes, the requests of {@link Specs}. */
public final class Cli {
    private Caller caller = Answers.OPERATOR;
    private boolean terminal;
    private boolean started = true;

    public final FakeCatalogue catalogue = new FakeCatalogue(new ArrayList<>(Specs.ALL));
    public final FakeDispatcher dispatcher = new FakeDispatcher(catalogue);
    public final RecordedAudit audit = new RecordedAudit();
    public final ManualClock clock = new ManualClock();
    public final CommandLineRunner runner =
            new CommandLineRunner(dispatcher, catalogue, new FakeDirectory(), clock, "0.1.0", audit, () -> started);

    /** Time passes only while somebody pauses, or by a step for each look at it. */
    public static final class ManualClock implements Clock {
        public final List<Duration> pauses = new ArrayList<>();
        public long now;
        public long step;
        public boolean stopping;

        @Override
        public long nanoTime() {
            now += step;
            return now;
        }

        @Override
        public boolean pause(Duration duration) {
            pauses.add(duration);
            now += duration.toNanos();
            return stopping;
        }

        @Override
        public boolean stopping() {
            return stopping;
        }
    }

    /** What came of one command. */
    public record Result(int code, Recorder output) {
        public String text() {
            return output.text();
        }

        public String errors() {
            return output.errors();
        }
    }

    public Cli as(Caller other) {
        caller = other;
        return this;
    }

    public Cli onTerminal() {
        terminal = true;
        return this;
    }

    public Cli whileStarting() {
        started = false;
        return this;
    }

    /** @param words separated by single spaces */
    public Result run(String words) {
        return run(words, new Recorder());
    }

    public Result run(String words, Recorder output) {
        return run(words.isEmpty() ? List.of() : List.of(words.split(" ")), output);
    }

    public Result run(List<String> words, Recorder output) {
        try {
            return new Result(runner.run(new Invocation(words, caller, terminal, terminal ? 80 : 0, false), output), output);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted in a test", e);
        }
    }
}
