package org.dvs.cluster.jgroups.internal.agree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

/** The tree … */
class SortedTreeTest {

    private static Map<String, Integer> contents(SortedTree<Integer> tree, String prefix) {
        Map<String, Integer> contents = new TreeMap<>();
        List<String> order = new ArrayList<>();
        tree.forEach(prefix, (key, value) -> {
            contents.put(key, value);
            order.add(key);
        });
        assertEquals(new ArrayList<>(contents.keySet()), order);
        return contents;
    }

    @Test
    void behavesAsATreeMapDoesAndLeavesOldOnesAlone() {
        long seed = Long.getLong("dvs.seed", System.nanoTime());
        System.out.println("SortedTreeTest seed " + seed);
        Random random = new Random(seed);
        TreeMap<String, Integer> map = new TreeMap<>();
        SortedTree<Integer> tree = SortedTree.empty();
        SortedTree<Integer> old = null;
        Map<String, Integer> oldContents = null;
        for (int i = 0; i < 20_000; i++) {
            String key = "k/" + random.nextInt(3) + "/" + random.nextInt(400);
            if (random.nextInt(5) < 3) {
                map.put(key, i);
                tree = tree.with(key, i);
            } else {
                map.remove(key);
                tree = tree.without(key);
            }
            assertEquals(map.get(key), tree.get(key));
            assertEquals(map.size(), tree.size());
            if (i % 1000 == 0) {
                if (old != null) {
                    assertEquals(oldContents, contents(old, ""), "an old tree has changed");
                }
                old = tree;
                oldContents = contents(tree, "");
                assertEquals(map, contents(tree, ""));
                String prefix = "k/1";
                assertEquals(map.subMap(prefix, "k/2"), contents(tree, prefix));
                assertEquals(Map.of(), contents(tree, "k/1x"));
            }
        }
    }

    @Test
    void staysFlatWhenKeysComeInOrder() {
        SortedTree<Integer> tree = SortedTree.empty();
        // a tree that is not kept flat would be 100 000 deep and overflow the stack
        for (int i = 0; i < 100_000; i++) {
            tree = tree.with(String.format("%06d", i), i);
        }
        assertEquals(99_999, tree.get("099999"));
        assertEquals(100_000, tree.size());
        assertNull(tree.get("x"));
        assertSame(tree, tree.without("x"));
    }
}
