package org.dvs.security.internal.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.NodeName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first start … */
class KeysComponentTest {
    @TempDir
    Path temp;

    @Test
    void ofALoneNodeMakesItNode0OfItsOwnCluster() throws Exception {
        KeyFolder keys = start("lab");

        assertEquals(0, keys.node().nodeId());
        assertEquals("node0", keys.node().nodeName());
        assertEquals("lab", keys.node().clusterName());
        assertTrue(keys.hasAuthority());
    }

    @Test
    void isTheOnlyOneThatMakesAnything() throws Exception {
        KeyFolder keys = start("lab");
        byte[] before = keys.files().read(KeyFolder.NODE_STORE);

        assertArrayEquals(before, start("other").files().read(KeyFolder.NODE_STORE));
        assertEquals("lab", keys.node().clusterName());
    }

    @Test
    void isTakenUpAgainAfterACrashBeforeItsEnd() throws Exception {
        String token = start("lab").files().readText(KeyFolder.OPERATOR_TOKEN);
        Files.delete(temp.resolve("keys").resolve(KeyFolder.NODE_STORE));

        KeyFolder keys = start("lab");

        assertEquals("lab", keys.node().clusterName());
        assertEquals(token, keys.files().readText(KeyFolder.OPERATOR_TOKEN));
    }

    @Test
    void neverMakesANodeOfAClusterIntoOneOfItsOwn() throws Exception {
        KeyFolder cluster = new KeyFolder(temp.resolve("cluster"), Clock.systemUTC(), new SecureRandom());
        cluster.init("demo");
        cluster.issue(new NodeName(2, "node2", List.of()), new KeyFolder(temp.resolve("keys"), Clock.systemUTC(),
                new SecureRandom()));
        Files.delete(temp.resolve("keys").resolve(KeyFolder.NODE_STORE));

        KeyFolder keys = start("lab");

        assertFalse(keys.hasNode());
        assertFalse(keys.hasAuthority());
    }

    private KeyFolder start(String cluster) throws Exception {
        return new KeysComponent(temp.resolve("keys"), new Config() {
            @Override
            public Class<? extends Annotation> annotationType() {
                return Config.class;
            }

            @Override
            public String keysFolder() {
                return "keys";
            }

            @Override
            public String clusterName() {
                return cluster;
            }

            @Override
            public int failedLoginsPerMinute() {
                return 5;
            }
        }).keys();
    }
}
