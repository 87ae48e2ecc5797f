package org.dvs.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

/** The file that users edit and the page that they read say what the code does. */
class ConfigTest {
    private static final Path ROOT = Path.of("../..");

    private static Map<String, String> defaults() {
        return new TreeMap<>(Arrays.stream(Config.class.getDeclaredMethods())
                .collect(Collectors.toMap(Method::getName, method -> method.getDefaultValue().toString())));
    }

    private static Map<String, String> matches(String file, String pattern) throws IOException {
        Map<String, String> found = new TreeMap<>();
        Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(Files.readString(ROOT.resolve(file)));
        while (matcher.find()) {
            found.put(matcher.group(1), matcher.group(2));
        }
        return found;
    }

    @Test
    void theFileShowsEveryKeyWithItsDefaultCommentedOut() throws IOException {
        assertEquals(defaults(), matches("etc/org.dvs.dispatcher.cfg", "^#(\\w+) = (\\d+)$"));
    }

    @Test
    void thePageListsEveryKeyWithItsDefault() throws IOException {
        assertEquals(defaults(), matches("docs/bundles/org.dvs.dispatcher.md", "^\\| `(\\w+)` \\| (\\d+) \\|"));
    }

    @Test
    void everySettingIsTakenFromTheKeyOfItsName() {
        Settings limits = Limits.defaults();
        Map<String, String> tested = new TreeMap<>(Arrays.stream(Settings.class.getRecordComponents())
                .collect(Collectors.toMap(component -> component.getName(), component -> {
                    try {
                        return component.getAccessor().invoke(limits).toString();
                    } catch (ReflectiveOperationException e) {
                        throw new AssertionError(e);
                    }
                })));
        assertEquals(defaults(), tested);
    }
}
