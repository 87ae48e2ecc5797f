package org.dvs.config.internal.cfg;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import org.dvs.api.ErrorCode;
import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;
import org.dvs.config.internal.TextFile;

/**
 * Reads a {@code .cfg.json} file: one JSON object of keys to a text, number, truth value, or a list of these; comments as in
 * Java. Reading goes on behind a value that is none, and ends where the syntax does. Used once, by one thread.
 */
final class JsonFile {
    private static final int DEPTH = 64;
    private static final JsonFactory JSON = JsonFactory.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEPTH).build()).build();

    private final String name;
    private final List<Setting> settings;
    private final List<Problem> problems;

    private JsonFile(String name, List<Setting> settings, List<Problem> problems) {
        this.name = name;
        this.settings = settings;
        this.problems = problems;
    }

    /** @param settings in the order of the file; a key that stands twice is in it twice */
    static void read(TextFile file, List<Setting> settings, List<Problem> problems) {
        try (JsonParser parser = JSON.createParser(new StringReader(file.text()))) {
            new JsonFile(file.name(), settings, problems).read(parser);
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory cannot fail", e);
        }
    }

    private void read(JsonParser parser) throws IOException {
        try {
            object(parser);
        } catch (JsonProcessingException e) {
            // What is too deep or too long for the parser has no location of its own.
            JsonLocation location = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
            problem(place(location), ErrorCode.SYNTAX, reason(e));
        }
    }

    private void object(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            problem(place(parser), ErrorCode.SYNTAX, "the file must be one object: { \"key\": value, ... }");
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            Place keyPlace = place(parser);
            parser.nextToken();
            setting(parser, key, keyPlace);
        }
        if (parser.nextToken() != null) {
            problem(place(parser), ErrorCode.SYNTAX, "there is more behind the object");
        }
    }

    private void setting(JsonParser parser, String key, Place keyPlace) throws IOException {
        Place place = place(parser);
        List<Setting.Item> items = new ArrayList<>();
        Setting.Form form = Setting.Form.ONE;
        int before = problems.size();
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            form = Setting.Form.LIST;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                item(parser, key, items);
            }
        } else {
            item(parser, key, items);
        }
        if (problems.size() == before) {
            settings.add(new Setting(key, form, items, keyPlace, place));
        }
    }

    private void item(JsonParser parser, String key, List<Setting.Item> items) throws IOException {
        Place place = place(parser);
        switch (parser.currentToken()) {
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
                items.add(new Setting.Item(parser.getText(), place));
            case VALUE_NULL -> problem(place, ErrorCode.BADSETTING, key + ": null is no value; leave the key out");
            default -> {
                String what = parser.currentToken() == JsonToken.START_OBJECT ? "an object" : "a list in a list";
                parser.skipChildren();
                problem(place, ErrorCode.BADSETTING, key + ": " + what + " is no value");
            }
        }
    }

    private void problem(Place place, ErrorCode code, String text) {
        problems.add(new Problem(name, place, code, text));
    }

    private static Place place(JsonParser parser) {
        return parser.currentToken() == null ? Place.START : place(parser.currentTokenLocation());
    }

    private static Place place(JsonLocation location) {
        return new Place(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
    }

    /** What the parser says, but for the words of the file in it: one of them may be a secret without its quotes. */
    private static String reason(JsonProcessingException e) {
        if (e instanceof JsonEOFException) {
            return "the file ends before the object does";
        }
        if (e instanceof StreamConstraintsException) {
            return "nested deeper than " + DEPTH + ", or a number or name longer than any that means something";
        }
        String text = e.getOriginalMessage();
        return text.startsWith("Unrecognized token") ? "here ends a word without quotes that is not true, false or null" : text;
    }
}
