package org.dvs.api.dispatch;

import java.util.List;
import java.util.Map;

import org.dvs.api.request.RequestSpec;

/**
 * What an order comes to, before anything is sent: the content of a dry run.
 *
 * @param spec      of the request
 * @param values    complete and checked
 * @param requested the node set as the caller wrote it
 * @param targets   names, ascending; never empty
 */
public record Plan(RequestSpec spec, Map<String, Object> values, String requested, List<String> targets) {
}
