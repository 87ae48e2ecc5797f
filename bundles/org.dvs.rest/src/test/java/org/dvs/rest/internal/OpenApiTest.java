package org.dvs.rest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;

import org.dvs.api.request.RequestSpec;
import org.dvs.web.api.JsonTree;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The OpenAPI document … */
@Tag("R-CMD-05")
class OpenApiTest {
    private OpenAPI document;

    @BeforeEach
    void parse() throws IOException {
        SwaggerParseResult result = parse(List.of(RestFixture.DF, RestFixture.DRAIN, RestFixture.END));
        assertEquals(List.of(), result.getMessages());
        document = result.getOpenAPI();
    }

    private static SwaggerParseResult parse(List<RequestSpec> specs) throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        JsonTree.write(OpenApi.document(specs, "0.1.0"), json);
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        return new OpenAPIV3Parser().readContents(json.toString(StandardCharsets.UTF_8), List.of(), options);
    }

    @Test
    void isValidWithAnyNumberOfRequests() throws IOException {
        assertEquals(List.of(), parse(List.of()).getMessages());
        assertEquals("3.1.0", document.getOpenapi());
        assertEquals("/api/v1", document.getServers().get(0).getUrl());
        assertEquals(Set.of("/requests", "/openapi.json", "/jobs", "/jobs/{job}", "/cli", "/host/df", "/lb/server/drain",
                "/dvs/end"),
                document.getPaths().keySet());
    }

    @Test
    void offersToReadByGetAndToChangeByPostOnly() {
        assertEquals(Set.of(PathItem.HttpMethod.GET, PathItem.HttpMethod.POST), document.getPaths().get("/host/df")
                .readOperationsMap().keySet());
        assertEquals(Set.of(PathItem.HttpMethod.POST), document.getPaths().get("/lb/server/drain").readOperationsMap().keySet());
    }

    @Test
    void hasEachOperationOnce() {
        List<String> ids = document.getPaths().values().stream().flatMap(path -> path.readOperations().stream())
                .map(Operation::getOperationId).toList();
        assertEquals(ids.size(), Set.copyOf(ids).size(), ids.toString());
    }

    @Test
    void hasTypeRangeAndChoiceOfEachParameter() {
        List<Parameter> parameters = document.getPaths().get("/host/df").getGet().getParameters();
        Schema<?> limit = schema(parameters, "limit");
        assertEquals(BigDecimal.ONE, limit.getMinimum());
        assertEquals(BigDecimal.valueOf(100), limit.getMaximum());
        assertEquals(10, ((Number) limit.getDefault()).intValue());
        assertEquals(List.of("ext4", "xfs"), schema(parameters, "type").getEnum());
        assertEquals("^(?:/.*)$", schema(parameters, "mounts").getItems().getPattern());
        assertEquals(Set.of("string"), schema(parameters, "min_size").getTypes());
        assertTrue(parameters.stream().anyMatch(parameter -> "nodes".equals(parameter.getName())
                || String.valueOf(parameter.get$ref()).endsWith("/nodes")), "common members");
    }

    private static Schema<?> schema(List<Parameter> parameters, String name) {
        return parameters.stream().filter(parameter -> name.equals(parameter.getName())).findFirst().orElseThrow().getSchema();
    }

    @Test
    void requiresInTheBodyWhatTheRequestRequires() {
        Schema<?> body = document.getPaths().get("/lb/server/drain").getPost().getRequestBody().getContent()
                .get("application/json").getSchema();
        assertEquals(List.of("values"), body.getRequired());
        Schema<?> values = body.getProperties().get("values");
        assertEquals(List.of("server"), values.getRequired());
        assertNotNull(values.getProperties().get("wait"));
        Schema<?> free = document.getPaths().get("/dvs/end").getPost().getRequestBody().getContent().get("application/json")
                .getSchema();
        assertNull(free.getRequired());
    }

    @Test
    void namesTheRoleAndTheProblem() {
        Operation end = document.getPaths().get("/dvs/end").getPost();
        assertTrue(end.getDescription().contains("needs role admin; destroys something"), end.getDescription());
        assertNotNull(end.getResponses().getDefault());
        assertEquals(Set.of("token", "password"), document.getComponents().getSecuritySchemes().keySet());
    }
}
