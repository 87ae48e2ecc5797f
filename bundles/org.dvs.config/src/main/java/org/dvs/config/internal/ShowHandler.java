package org.dvs.config.internal;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.Role;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code config show}: a configuration file as it stands on the disk. Secrets are references there, see {@link Checker}. */
@Component
public final class ShowHandler implements RequestHandler {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_CONFIGSHOW").command("config show")
            .help("Shows a configuration file as it stands on the node's disk").role(Role.OPERATOR)
            .parameter(Parameter.of("file", ValueType.TEXT, "name, e.g. org.dvs.web.cfg").matching(ConfigFiles.NAME).mandatory()
                    .asOperand())
            .column("file", ValueType.TEXT, "name")
            .column("sha256", ValueType.TEXT, "digest of the content")
            .column("text", ValueType.TEXT, "the content").build();

    private final ConfigFiles files;

    @Activate
    public ShowHandler(@Reference EngineService service) {
        this(service.files());
    }

    ShowHandler(ConfigFiles files) {
        this.files = files;
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        ConfigFiles.Content content = files.read(request.text("file"));
        rows.row(content.name(), content.sha256(), content.text());
        return 0;
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        try {
            return List.copyOf(files.names());
        } catch (DvsException e) {
            // Without completion the field works all the same; who asks for the file hears what is wrong.
            return List.of();
        }
    }
}
