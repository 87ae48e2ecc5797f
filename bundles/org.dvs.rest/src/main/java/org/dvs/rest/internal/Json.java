package org.dvs.rest.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/** JSON of bodies as maps, lists and values. Answers of requests are the command line's to write. */
final class Json {
    /** Deepest nesting read. */
    static final int MAX_DEPTH = 64;
    private static final int MAX_CHARACTERS = 1 << 20;
    /** Where the parser tells a second place, it tells as well that the source is not told. */
    private static final Pattern REDACTED = Pattern.compile("\\[Source: [^;\\]]*; line: (\\d+), column: (\\d+)\\]");
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxStringLength(MAX_CHARACTERS)
                    .maxNumberLength(40).maxNameLength(256).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private Json() {
    }

    /**
     * Reads one object, to the end of the stream. Whole numbers become {@link Long}, others {@link Double}.
     *
     * @return an empty map for an empty stream
     * @throws DvsException {@code INVAL} with line and column
     */
    static Map<String, Object> read(InputStream in) throws IOException, DvsException {
        try (JsonParser parser = FACTORY.createParser(in)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return Map.of();
            }
            if (first != JsonToken.START_OBJECT) {
                throw new DvsException(ErrorCode.INVAL, "the body is not a JSON object");
            }
            Map<String, Object> object = object(parser);
            if (parser.nextToken() != null) {
                throw new DvsException(ErrorCode.INVAL, "something stands after the JSON object of the body");
            }
            return object;
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr();
            throw new DvsException(ErrorCode.INVAL, "the body is not JSON" + place + ": "
                    + REDACTED.matcher(e.getOriginalMessage()).replaceAll("line $1, column $2"), e);
        }
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException, DvsException {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            object.put(name, value(parser));
        }
        return object;
    }

    private static Object value(JsonParser parser) throws IOException, DvsException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> list(parser);
            case VALUE_STRING -> text(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> throw new DvsException(ErrorCode.INVAL, "the body has " + parser.currentToken()
                    + " where a value belongs");
        };
    }

    /** Half of a surrogate pair no node could be told: in UTF-8 it would be another character. */
    private static String text(JsonParser parser) throws IOException, DvsException {
        String text = parser.getText();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new DvsException(ErrorCode.INVAL, "the body has half of a surrogate pair in the text at line "
                    + parser.currentTokenLocation().getLineNr() + ", column " + parser.currentTokenLocation().getColumnNr());
        }
        return text;
    }

    private static List<Object> list(JsonParser parser) throws IOException, DvsException {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(parser));
        }
        return list;
    }
}
