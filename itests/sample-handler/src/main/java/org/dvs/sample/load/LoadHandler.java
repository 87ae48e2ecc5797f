package org.dvs.sample.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** RQST_LOADAVG: how busy a host has been; see proc_loadavg(5). */
@Component
public final class LoadHandler implements RequestHandler {
    private final Path file;
    private final int processors;

    @Activate
    public LoadHandler() {
        this(Path.of("/proc/loadavg"), Runtime.getRuntime().availableProcessors());
    }

    LoadHandler(Path file, int processors) {
        this.file = file;
        this.processors = processors;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_LOADAVG").command("host load")
                .help("Shows how busy each host has been")
                .parameter(Parameter.of("per_processor", ValueType.FLAG, "divide by the number of processors"))
                .column("one", ValueType.DECIMAL, "average number of running processes, last minute")
                .column("five", ValueType.DECIMAL, "likewise, last five minutes")
                .column("fifteen", ValueType.DECIMAL, "likewise, last fifteen minutes")
                .column(Column.of("processors", ValueType.INTEGER, "processors of the host").onlyWide())
                .build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        double share = request.flag("per_processor") ? processors : 1;
        try {
            String[] fields = Files.readString(file).split(" ");
            rows.row(Double.parseDouble(fields[0]) / share, Double.parseDouble(fields[1]) / share,
                    Double.parseDouble(fields[2]) / share, processors);
            return 0;
        } catch (IOException | RuntimeException e) {
            throw new DvsException(ErrorCode.IO, "the load cannot be read from " + file, e);
        }
    }
}
