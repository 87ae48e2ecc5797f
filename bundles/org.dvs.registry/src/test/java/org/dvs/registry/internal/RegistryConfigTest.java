package org.dvs.registry.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

/** The settings ... */
class RegistryConfigTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

    @Test
    void standInTheFileThatUsersEditWithTheirDefaults() throws IOException {
        String file = Files.readString(ROOT.resolve("etc/org.dvs.registry.cfg"));
        for (Method key : RegistryConfig.class.getDeclaredMethods()) {
            String line = "\n#" + key.getName() + (" = " + key.getDefaultValue()).stripTrailing() + "\n";
            assertTrue(file.contains(line), "no line" + line);
        }
    }

    @Test
    void standInTheBundlesPage() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/bundles/org.dvs.registry.md"));
        for (Method key : RegistryConfig.class.getDeclaredMethods()) {
            assertTrue(page.contains("`" + key.getName() + "`"), key.getName());
        }
    }
}
