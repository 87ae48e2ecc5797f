package org.dvs.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names finish the sentence "the reader of metrics …". */
class ExpositionTest {
    private static final String GOOD = "# HELP a_total Help \\\\ with \"quotes\".\n# TYPE a_total counter\n"
            + "a_total{x=\"1\",y=\"a \\\"b\\\" \\\\ } , \\n\"} 3\na_total{x=\"\",y=\"\"} 1.5e-3\n"
            + "# HELP h Help.\n# TYPE h histogram\nh_bucket{le=\"0.1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 0.5\nh_count 2\n";

    @Test
    void readsWhatIsInOrder() {
        var families = Exposition.prometheus(GOOD);
        assertEquals(3, families.get("a_total").value("x", "1", "y", "a \"b\" \\ } , \n"));
        assertEquals(4, families.get("h").samples().size());
        assertEquals("info", Exposition.openMetrics("# HELP b Help.\n# TYPE b info\nb_info{v=\"1\"} 1\n# EOF\n").get("b").type());
    }

    @ParameterizedTest
    @ValueSource(strings = {"# HELP a Help.\n# TYPE a gauge\na 1", "\n", "# TYPE a gauge\na 1\n", "# HELP a Help.\na 1\n",
            "a 1\n",
            "# HELP a Help.\n# TYPE a thing\n", "# HELP a Help.\n# TYPE b gauge\n", "# HELP a Help.\n# TYPE a gauge\nb 1\n",
            "# HELP a Help.\n# TYPE a gauge\na 1\na 2\n", "# HELP a Help.\n# TYPE a gauge\na{} 1\n",
            "# HELP a Help.\n# TYPE a gauge\na 1 2\n",
            "# HELP a Help.\n# TYPE a gauge\na{x=\"1\" } 1\n", "# HELP a Help.\n# TYPE a gauge\na{x=\"1\",} 1\n",
            "# HELP a Help.\n# TYPE a gauge\na{x=\"\\t\"} 1\n", "# HELP a Help.\n# TYPE a gauge\na{x=\"1\",x=\"2\"} 1\n",
            "# HELP a Help.\n# TYPE a gauge\na 0x1\n", "# HELP a Help.\n# TYPE a counter\na -1\n", "# other\n",
            "# HELP a Help.\n# TYPE a gauge\n# HELP a Help.\n# TYPE a gauge\n", "# HELP a Help.\n# TYPE a info\na_info 1\n",
            "# HELP h Help.\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n",
            "# HELP h Help.\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
            "# HELP h Help.\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 2\n", "# EOF\n"})
    void refusesWhatIsNot(String text) {
        assertThrows(IllegalArgumentException.class, () -> Exposition.prometheus(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"# HELP a_total Help.\n# TYPE a_total counter\n# EOF\n",
            "# HELP a Help.\n# TYPE a counter\na 1\n# EOF\n",
            "# HELP b Help.\n# TYPE b info\nb_info 2\n# EOF\n", "# HELP b Help.\n# TYPE b gauge\nb 2\n", "# EOF\n# EOF\n", ""})
    void refusesWhatIsNoOpenMetrics(String text) {
        assertThrows(IllegalArgumentException.class, () -> Exposition.openMetrics(text));
    }
}
