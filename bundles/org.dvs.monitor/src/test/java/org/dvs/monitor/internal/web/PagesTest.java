package org.dvs.monitor.internal.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** Names finish the sentence "the console's pages …". */
class PagesTest {
    @Test
    void areServedWithAllTheirModules() throws Exception {
        Path folder = Path.of(Pages.class.getResource("/console").toURI());
        Set<String> there;
        try (Stream<Path> files = Files.list(folder)) {
            there = files.map(file -> "/" + file.getFileName()).collect(Collectors.toCollection(TreeSet::new));
        }
        assertTrue(there.containsAll(List.of("/index.html", "/app.js")), there::toString);
        // The first page has the folder's own address.
        there.remove("/index.html");
        Set<String> served = new Pages().routes().stream().map(Route::pattern).filter(path -> path.length() > 1)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(there, served);
    }
}
