package org.dvs.cli.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.dvs.api.Boot;
import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.dispatch.Dispatcher;
import org.dvs.api.dispatch.NodeDirectory;
import org.dvs.api.dispatch.Order;
import org.dvs.api.request.Parameter;
import org.dvs.api.security.Audit;
import org.dvs.cli.api.CommandLine;
import org.dvs.cli.api.Invocation;
import org.dvs.cli.api.OrderReader;
import org.dvs.cli.api.Output;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Offers the command line while requests can be dispatched. It has no threads: commands run on their callers'. */
@Component
public final class CliComponent implements CommandLine, OrderReader {
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CommandLineRunner runner;

    @Activate
    public CliComponent(@Reference Dispatcher dispatcher, @Reference Catalogue catalogue, @Reference NodeDirectory directory,
                        @Reference Audit audit, BundleContext context) {
        runner = new CommandLineRunner(dispatcher, catalogue, directory, new SystemClock(stopping),
                context.getBundle().getVersion().toString(), audit, () -> context.getServiceReference(Boot.FINISHED) != null);
    }

    /** Commands under way cancel their jobs and end within a fraction of a second. */
    @Deactivate
    void stop() {
        stopping.countDown();
    }

    @Override
    public int run(Invocation invocation, Output out) throws InterruptedException {
        return runner.run(invocation, out);
    }

    @Override
    public Order order(List<String> words, Caller caller) throws DvsException {
        return runner.order(words, caller);
    }

    @Override
    public String flag(Parameter parameter) {
        return runner.flag(parameter);
    }

    @Override
    public List<String> complete(List<String> words) {
        return runner.complete(words);
    }

    private record SystemClock(CountDownLatch latch) implements Clock {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public boolean pause(Duration duration) throws InterruptedException {
            return latch.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public boolean stopping() {
            return latch.getCount() == 0;
        }
    }
}
