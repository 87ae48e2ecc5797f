package org.dvs.config.internal;

import org.dvs.api.DvsException;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code config files}: the configuration files of a node. */
@Component
public final class FilesHandler implements RequestHandler {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_CONFIGFILES").command("config files")
            .help("Lists the configuration files of each node; equal digests are equal files")
            .column("file", ValueType.TEXT, "name")
            .column("bytes", ValueType.SIZE, "of the file")
            .column("changed", ValueType.TIME, "when it was last written")
            .column("sha256", ValueType.TEXT, "digest of the content").manyRows().build();

    private final ConfigFiles files;

    @Activate
    public FilesHandler(@Reference EngineService service) {
        this(service.files());
    }

    FilesHandler(ConfigFiles files) {
        this.files = files;
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        for (String name : files.names()) {
            ConfigFiles.Content content = files.read(name);
            rows.row(content.name(), content.bytes(), content.changed(), content.sha256());
        }
        return 0;
    }
}
