package org.dvs.api.dispatch;

import java.util.List;

/**
 * Nodes that answered alike.
 *
 * @param nodes  names, ascending
 * @param state  of each of them
 * @param rcode  of each of them
 * @param sha256 of state, rcode, detail and rows, lower-case hexadecimal
 * @param detail of each of them
 * @param rows   of each of them
 */
public record Group(List<String> nodes, NodeState state, int rcode, String sha256, String detail, List<List<Object>> rows) {
}
