package org.dvs.monitor.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of {@code org.dvs.monitor}. */
@ObjectClassDefinition(name = "DVS monitor", description = "The web console: how long a login lasts, and how live its pages are")
@interface MonitorConfig {
    @AttributeDefinition(name = "Idle time", description = "Seconds without a click or a key after which a session ends.",
            min = "30",
            max = "86400")
    int sessionIdleSeconds() default 900;

    @AttributeDefinition(name = "Longest session", description = "Seconds after which a session ends, used or not.", min = "60",
            max = "604800")
    int sessionMaxSeconds() default 43_200;

    @AttributeDefinition(name = "Login link", description = "Seconds for which a link of 'dvs open' is good, once.", min = "5",
            max = "600")
    int linkSeconds() default 60;

    @AttributeDefinition(name = "Refresh", description = "Milliseconds between two looks at the load of the nodes while somebody"
            + " has a page open; what happens in between is shown when it happens.", min = "1000", max = "600000")
    int refreshMs() default 5_000;

    @AttributeDefinition(name = "Pages", description = "Pages open at once that are kept up to date; one more is refused.",
            min = "1", max = "1000")
    int maxPages() default 100;
}
