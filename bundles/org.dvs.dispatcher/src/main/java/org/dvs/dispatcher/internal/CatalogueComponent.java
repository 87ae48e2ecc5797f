package org.dvs.dispatcher.internal;

import java.util.Map;

import org.dvs.api.dispatch.Catalogue;
import org.dvs.api.dispatch.CatalogueListener;
import org.dvs.api.request.RequestHandler;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Handlers and listeners come and go as services. */
@Component(immediate = true, service = {Catalogue.class, HandlerCatalogue.class})
public final class CatalogueComponent extends HandlerCatalogue {

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindHandler(RequestHandler handler, Map<String, Object> properties) {
        int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
        add(handler, ranking, (Long) properties.get(Constants.SERVICE_ID));
    }

    void unbindHandler(RequestHandler handler) {
        remove(handler);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindListener(CatalogueListener listener) {
        add(listener);
    }

    void unbindListener(CatalogueListener listener) {
        remove(listener);
    }
}
