package org.dvs.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.dvs.api.dispatch.CatalogueListener;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.dvs.dispatcher.internal.HandlerCatalogue.Served;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "the catalogue …". */
class HandlerCatalogueTest {
    private final HandlerCatalogue catalogue = new HandlerCatalogue();
    private final Offers listener = new Offers();

    private static RequestHandler handler(String name, String command, String help, String... aliases) {
        RequestSpec.Builder spec = RequestSpec.named(name).command(command).help(help);
        List.of(aliases).forEach(spec::alias);
        return new TestHandler(spec.build(), (request, rows) -> 0);
    }

    @Test
    @Tag("R-CMD-17")
    void knowsAHandlerByNameAndAliasExactlyWhileItIsThere() {
        RequestHandler df = handler("RQST_DF", "host df", "df", "RQST_GETDF");
        catalogue.add(df, 0, 1);
        catalogue.add(handler("RQST_A", "dvs info", "info"), 0, 2);
        assertEquals(List.of("info", "df"), catalogue.specs().stream().map(RequestSpec::help).toList(), "by command");
        assertEquals(df.spec(), catalogue.find("RQST_GETDF").orElseThrow());
        Served served = catalogue.served("RQST_DF").orElseThrow();
        assertTrue(served.mayStart());
        catalogue.remove(df);
        assertFalse(served.mayStart());
        assertTrue(catalogue.find("RQST_DF").isEmpty());
        assertTrue(catalogue.find("RQST_GETDF").isEmpty());
    }

    @Test
    void tellsListenersWhatIsThereAndEveryChange() {
        RequestHandler one = handler("RQST_A", "a a", "one");
        catalogue.add(one, 0, 1);
        catalogue.add(listener);
        catalogue.add(handler("RQST_B", "b b", "two"), 0, 2);
        catalogue.remove(one);
        catalogue.remove(listener);
        catalogue.add(handler("RQST_C", "c c", "three"), 0, 3);
        assertEquals(List.of("+one", "+two", "-one"), listener.heard);
    }

    @Test
    void servesTheHigherRankingThenTheOlderAndTheOtherWhenItIsGone() {
        catalogue.add(listener);
        RequestHandler old = handler("RQST_A", "a a", "old");
        RequestHandler young = handler("RQST_B", "b b", "young", "RQST_A");
        RequestHandler high = handler("RQST_C", "a a", "high");
        catalogue.add(young, 0, 2);
        catalogue.add(old, 0, 1);
        catalogue.add(high, 5, 3);
        assertEquals(List.of("+young", "-young", "+old", "-old", "+high", "+young"), listener.heard,
                "the command counts like a name");
        catalogue.remove(high);
        assertEquals(List.of("old"), catalogue.specs().stream().map(RequestSpec::help).toList());
        assertSame(old, catalogue.served("RQST_A").orElseThrow().handler());
    }

    @Test
    void goesOnWhenAHandlerOrListenerHasADefect() {
        catalogue.add(new CatalogueListener() {
            @Override
            public void offered(RequestSpec spec) {
                throw new IllegalStateException("a defect of the listener");
            }

            @Override
            public void withdrawn(RequestSpec spec) {
                throw new IllegalStateException("a defect of the listener");
            }
        });
        catalogue.add(listener);
        catalogue.add(new RequestHandler() {
            @Override
            public RequestSpec spec() {
                return RequestSpec.named("nonsense").build();
            }

            @Override
            public int handle(Request request, RowSink rows) {
                return 0;
            }
        }, 0, 1);
        catalogue.add(handler("RQST_A", "a a", "good"), 0, 2);
        assertEquals(List.of("+good"), listener.heard);
    }

    @Test
    void letsAListenerAskBack() {
        List<String> heard = new ArrayList<>();
        catalogue.add(new CatalogueListener() {
            @Override
            public void offered(RequestSpec spec) {
                heard.add(spec.help() + catalogue.find(spec.name()).isPresent());
                if (spec.help().equals("one")) {
                    catalogue.add(handler("RQST_B", "b b", "two"), 0, 2);
                }
            }

            @Override
            public void withdrawn(RequestSpec spec) {
                heard.add("-");
            }
        });
        catalogue.add(handler("RQST_A", "a a", "one"), 0, 1);
        assertEquals(List.of("onetrue", "twotrue"), heard);
    }

    @Test
    void offersWhatTheHandlerSuggests() {
        Parameter color = Parameter.of("color", ValueType.TEXT, "which").oneOf("red", "green");
        RequestSpec spec = RequestSpec.named("RQST_A").command("a a").help("a").parameter(color).build();
        RequestHandler broken = new RequestHandler() {
            @Override
            public RequestSpec spec() {
                return spec;
            }

            @Override
            public int handle(Request request, RowSink rows) {
                return 0;
            }

            @Override
            public List<String> suggest(Parameter parameter, String typed) {
                throw new IllegalStateException("a defect of the handler");
            }
        };
        assertEquals(List.of(), catalogue.suggest(spec, color, ""));
        catalogue.add(new TestHandler(spec, (request, rows) -> 0), 0, 1);
        assertEquals(List.of("red", "green"), catalogue.suggest(spec, color, "r"));
        catalogue.add(broken, 1, 2);
        assertEquals(List.of(), catalogue.suggest(spec, color, "r"));
    }
}
