package org.dvs.cluster.jgroups.internal.agree;

import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * An immutable sorted map of strings: a change gives a new tree that shares all but a path with the old one. So a reader needs no
 * lock, and a snapshot costs nothing. An AVL tree: all but {@link #forEach} take time that grows with the logarithm of the size.
 */
final class SortedTree<V> {
    private static final SortedTree<?> EMPTY = new SortedTree<>(null);

    private record Node<V>(String key, V value, Node<V> left, Node<V> right, int height, int size) {
    }

    private final Node<V> root;

    private SortedTree(Node<V> root) {
        this.root = root;
    }

    @SuppressWarnings("unchecked")
    static <V> SortedTree<V> empty() {
        return (SortedTree<V>) EMPTY;
    }

    int size() {
        return size(root);
    }

    /** @return null if it is not there */
    V get(String key) {
        Node<V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    SortedTree<V> with(String key, V value) {
        return new SortedTree<>(put(root, Objects.requireNonNull(key), Objects.requireNonNull(value)));
    }

    SortedTree<V> without(String key) {
        return get(key) == null ? this : new SortedTree<>(remove(root, key));
    }

    /** Entries whose key starts with {@code prefix}, in order. */
    void forEach(String prefix, BiConsumer<String, V> action) {
        visit(root, prefix, action);
    }

    private static <V> void visit(Node<V> node, String prefix, BiConsumer<String, V> action) {
        if (node == null) {
            return;
        }
        boolean inside = node.key.startsWith(prefix);
        if (inside || node.key.compareTo(prefix) > 0) {
            visit(node.left, prefix, action);
        }
        if (inside) {
            action.accept(node.key, node.value);
        }
        if (inside || node.key.compareTo(prefix) < 0) {
            visit(node.right, prefix, action);
        }
    }

    private static int size(Node<?> node) {
        return node == null ? 0 : node.size;
    }

    private static int height(Node<?> node) {
        return node == null ? 0 : node.height;
    }

    private static <V> Node<V> node(Node<V> entry, Node<V> left, Node<V> right) {
        return new Node<>(entry.key, entry.value, left, right, 1 + Math.max(height(left), height(right)),
                1 + size(left) + size(right));
    }

    /** As {@link #node}, of subtrees whose heights differ by up to two. */
    private static <V> Node<V> balanced(Node<V> entry, Node<V> left, Node<V> right) {
        if (height(left) > height(right) + 1) {
            return height(left.left) >= height(left.right) ? node(left, left.left, node(entry, left.right, right))
                    : node(left.right, node(left, left.left, left.right.left), node(entry, left.right.right, right));
        }
        if (height(right) > height(left) + 1) {
            return height(right.right) >= height(right.left) ? node(right, node(entry, left, right.left), right.right)
                    : node(right.left, node(entry, left, right.left.left), node(right, right.left.right, right.right));
        }
        return node(entry, left, right);
    }

    private static <V> Node<V> put(Node<V> node, String key, V value) {
        if (node == null) {
            return new Node<>(key, value, null, null, 1, 1);
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return new Node<>(key, value, node.left, node.right, node.height, node.size);
        }
        return order < 0 ? balanced(node, put(node.left, key, value), node.right)
                : balanced(node, node.left, put(node.right, key, value));
    }

    private static <V> Node<V> remove(Node<V> node, String key) {
        int order = key.compareTo(node.key);
        if (order < 0) {
            return balanced(node, remove(node.left, key), node.right);
        }
        if (order > 0) {
            return balanced(node, node.left, remove(node.right, key));
        }
        if (node.left == null) {
            return node.right;
        }
        if (node.right == null) {
            return node.left;
        }
        Node<V> next = node.right;
        while (next.left != null) {
            next = next.left;
        }
        return balanced(next, node.left, remove(node.right, next.key));
    }
}
