package org.dvs.cluster.jgroups.internal.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.jgroups.internal.engine.Settings;
import org.dvs.testkit.Configured;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The component's reading of its configuration. */
class ClusterComponentTest {

    private static ClusterComponent.Config config(Map<String, Object> values) {
        return Configured.settings(ClusterComponent.Config.class, values);
    }

    @Test
    void needsNothing() throws DvsException {
        Settings settings = ClusterComponent.settings(config(Map.of()), "data");
        assertEquals(7_800, settings.bindPort());
        assertTrue(settings.bindAddress().isLoopbackAddress());
        assertEquals(List.of(), settings.seeds());
        assertEquals(Path.of("data/cluster"), settings.logFolder());
    }

    @Test
    void takesWhatPeopleWrite() throws DvsException {
        Settings settings = ClusterComponent.settings(config(Map.of("seeds", new String[] {" 127.0.0.1:7800", "[::1]:7801", ""},
                "bootstrap", new String[] {"node0", " node1 "}, "logFolder", "somewhere/else")), "data");
        assertEquals(List.of(7_800, 7_801), settings.seeds().stream().map(seed -> seed.getPort()).toList());
        assertEquals(List.of("node0", "node1"), settings.bootstrap());
        assertEquals(Path.of("somewhere/else"), settings.logFolder());
    }

    @ParameterizedTest
    @CsvSource({
        "seeds, localhost, 'seeds: ''localhost'' is not host:port'",
        "seeds, :7800, 'seeds: '':7800'' is not host:port'",
        "seeds, a:b, 'seeds: ''a:b'' is not host:port'",
        "seeds, 127.0.0.1:70000, 'seeds: ''127.0.0.1:70000'' is not host:port'",
        "bootstrap, 'node0,node0', 'bootstrap names a node twice: node0, node0'"})
    void namesTheValueAtFault(String key, String value, String message) {
        DvsException refused = assertThrows(DvsException.class,
                () -> ClusterComponent.settings(config(Map.of(key, value.split(","))), "data"));
        assertEquals(ErrorCode.BADSETTING, refused.code());
        assertEquals(message, refused.getMessage());
    }

    @Test
    void wantsTheMergeIntervalsInOrder() {
        DvsException refused = assertThrows(DvsException.class,
                () -> ClusterComponent.settings(config(Map.of("mergeMinMs", 3_000)), "data"));
        assertEquals("mergeMaxMs 3000 must be more than mergeMinMs 3000", refused.getMessage());
    }
}
