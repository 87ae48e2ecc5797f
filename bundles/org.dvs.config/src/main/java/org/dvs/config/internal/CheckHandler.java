package org.dvs.config.internal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.api.security.Secrets;
import org.dvs.config.api.Problem;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * {@code config check}: what is wrong with the node's own files at this moment, or would be with a text in one of them. Any
 * problem makes it fail, after all rows.
 */
@Component
public final class CheckHandler implements RequestHandler {
    private final Engine engine;
    private final ConfigFiles files;
    /** Absent while the node's keys are not in order. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
    private volatile Secrets secrets;

    @Activate
    public CheckHandler(@Reference EngineService service) {
        this(service.engine(), service.files(), null);
    }

    CheckHandler(Engine engine, ConfigFiles files, Secrets secrets) {
        this.engine = engine;
        this.files = files;
        this.secrets = secrets;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_CONFIGCHECK").command("config check")
                .help("Checks configuration files of the node, or a text, and shows every problem; no rows mean that all is well")
                .parameter(Parameter.of("file", ValueType.TEXT, "only this file, e.g. org.dvs.web.cfg; all if absent")
                        .matching(ConfigFiles.NAME))
                .parameter(Parameter.of("text", ValueType.TEXT, "what would stand in that file, instead of what does")
                        .range(0, ConfigFiles.MAX_CHARACTERS).hidden())
                .column("file", ValueType.TEXT, "name")
                .column("line", ValueType.INTEGER, "of the problem")
                .column("column", ValueType.INTEGER, "in characters, from 1")
                .column("code", ValueType.TEXT, "error code")
                .column("text", ValueType.TEXT, "what is wrong").manyRows().build();
    }

    private List<Problem> problems(Request request) throws IOException, DvsException {
        Optional<String> file = request.optionalText("file");
        Optional<String> text = request.optionalText("text");
        Optional<Secrets> known = Optional.ofNullable(secrets);
        if (text.isPresent()) {
            return engine.check(TextFile.of(file.orElseThrow(() -> new DvsException(ErrorCode.INVAL,
                    "a text without the name of the file that it would stand in")), text.get()), known);
        }
        return file.isPresent() ? engine.check(TextFile.of(file.get(), files.read(file.get()).text()), known) : engine.check(known);
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        List<Problem> problems;
        try {
            problems = problems(request);
        } catch (IOException e) {
            throw new DvsException(ErrorCode.IO, "the configuration folder cannot be read: " + e.getMessage(), e);
        }
        for (Problem problem : problems) {
            rows.row(problem.file(), (long) problem.place().line(), (long) problem.place().column(), problem.code().code(),
                    problem.text());
        }
        if (!problems.isEmpty()) {
            Problem first = problems.get(0);
            throw new DvsException(first.code(), problems.size() + " problem(s); the first is " + first);
        }
        return 0;
    }
}
