package org.dvs.config.internal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.config.api.Problem;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code config set}: replaces a configuration file, if what is to stand there is good and what stands there is what the caller
 * has seen. It takes effect as any other change of the folder does.
 */
@Component
public final class SetHandler implements RequestHandler {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_CONFIGSET").command("config set")
            .help("Replaces a configuration file by a text that is good; 'config check' with the same text tries it first")
            .changes().role(Role.ADMIN)
            .parameter(Parameter.of("file", ValueType.TEXT, "name, e.g. org.dvs.web.cfg").matching(ConfigFiles.NAME).mandatory()
                    .asOperand())
            // Hidden: a secret in clear text is refused here, and would be in the audit by then.
            .parameter(Parameter.of("text", ValueType.TEXT, "what is to stand there").range(0, ConfigFiles.MAX_CHARACTERS)
                    .mandatory().hidden())
            .parameter(Parameter.of("was", ValueType.TEXT, "digest of what it replaces, as 'config show' gives it; "
                    + ConfigFiles.NONE + " for a new file").matching("[0-9a-f]{64}|" + ConfigFiles.NONE).mandatory())
            .column("file", ValueType.TEXT, "name")
            .column("sha256", ValueType.TEXT, "digest of the new content").build();

    private final Engine engine;
    private final ConfigFiles files;

    @Activate
    public SetHandler(@Reference EngineService service) {
        this(service.engine(), service.files());
    }

    SetHandler(Engine engine, ConfigFiles files) {
        this.engine = engine;
        this.files = files;
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        String name = request.text("file");
        String text = request.text("text");
        try {
            List<Problem> problems = engine.check(TextFile.of(name, text), Optional.empty());
            if (!problems.isEmpty()) {
                Problem first = problems.get(0);
                throw new DvsException(first.code(), problems.size() + " problem(s); the first is " + first);
            }
        } catch (IOException e) {
            throw new DvsException(ErrorCode.IO, "the configuration folder cannot be read: " + e.getMessage(), e);
        }
        rows.row(name, files.replace(name, text, request.text("was")));
        return 0;
    }
}
