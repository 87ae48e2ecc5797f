package org.dvs.monitor.internal.request;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeaturesService;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code node features}: the features that were put in. */
@Component
public final class FeatureListHandler implements RequestHandler {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_FEATURELIST").command("node features")
            .help("Lists the features that are installed on each node and their state")
            .column("feature", ValueType.TEXT, "name")
            .column("version", ValueType.TEXT, "of the feature")
            .column("state", ValueType.TEXT, "started, resolved or installed")
            .column("wanted", ValueType.FLAG, "somebody asked for it; the others came along")
            .column("description", ValueType.TEXT, "what it is").manyRows().build();

    private final FeaturesService features;

    @Activate
    public FeatureListHandler(@Reference FeaturesService features) {
        this.features = features;
    }

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        for (Feature feature : installed()) {
            rows.row(feature.getName(), feature.getVersion(),
                    features.getState(feature.getId()).name().toLowerCase(Locale.ROOT), features.isRequired(feature),
                    feature.getDescription());
        }
        return 0;
    }

    private List<Feature> installed() throws DvsException {
        try {
            return Arrays.stream(features.listInstalledFeatures()).sorted(Comparator.comparing(Feature::getName)).toList();
        } catch (Exception e) {
            // The service declares no narrower one.
            throw new DvsException(ErrorCode.GENERIC, "Karaf does not list its features: " + e.getMessage(), e);
        }
    }
}
