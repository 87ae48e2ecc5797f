package org.dvs.helper.api;

import java.util.List;

import org.dvs.helper.program.CommandResult;

/**
 * What came of a request that was done.
 *
 * @param numbers as the request's description says
 * @param texts   as the request's description says
 * @param ran     of a request that ran a program to its end, else null
 */
public record HelperReply(List<Long> numbers, List<String> texts, CommandResult ran) {
    public static final HelperReply DONE = new HelperReply(List.of(), List.of(), null);

    public HelperReply {
        numbers = List.copyOf(numbers);
        texts = List.copyOf(texts);
    }

    public static HelperReply of(Long... numbers) {
        return new HelperReply(List.of(numbers), List.of(), null);
    }

    public static HelperReply of(List<Long> numbers, List<String> texts) {
        return new HelperReply(numbers, texts, null);
    }

    public static HelperReply of(CommandResult ran) {
        return new HelperReply(List.of(), List.of(), ran);
    }

    public long number(int index) {
        return numbers.get(index);
    }
}
