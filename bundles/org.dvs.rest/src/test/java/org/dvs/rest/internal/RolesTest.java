package org.dvs.rest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.RequestSpec;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every route, for every role. Names finish the sentence "a route …". */
@Tag("R-CMD-17")
class RolesTest {
    @AutoClose
    private final RestFixture rest = new RestFixture();

    private static List<Set<Role>> allRoles() {
        List<Set<Role>> all = new ArrayList<>();
        all.add(Set.of());
        for (Role role : Role.values()) {
            all.add(EnumSet.of(role));
        }
        return all;
    }

    private static boolean may(Set<Role> roles, Role needed) {
        return roles.stream().anyMatch(role -> role.includes(needed));
    }

    @Test
    void ofARequestIsForWhoHasItsRoleAndARefusalIsWrittenDown() throws Exception {
        for (RequestSpec spec : rest.specs) {
            for (Set<Role> roles : allRoles()) {
                rest.caller = new Caller("bob", roles, "rest", "10.0.0.1");
                int before = rest.audit.entries().size();
                String path = "/" + String.join("/", spec.command());
                boolean may = may(roles, spec.role());
                for (int status : List.of(rest.post(path, "{\"values\":{\"server\":\"web1\"},\"confirm\":true}").statusCode(),
                        spec.changes() ? 403 : rest.get(path).statusCode())) {
                    if (!may) {
                        assertEquals(403, status, spec.name() + " by " + roles);
                    } else if (!spec.changes()) {
                        assertNotEquals(403, status, spec.name() + " by " + roles);
                    }
                }
                List<String> lines = rest.audit.lines().subList(before, rest.audit.lines().size());
                String refused = "REFUSED bob " + spec.name() + "  " + ErrorCode.PRIVILEGES.rcode();
                assertEquals(may ? 0 : spec.changes() ? 1 : 2, lines.stream().filter(refused::equals).count(), lines.toString());
            }
        }
        assertTrue(rest.orders.stream().allMatch(order -> !order.caller().roles().isEmpty()), "nobody without a role");
    }

    @Test
    void ofTheCatalogueNeedsAViewer() throws Exception {
        for (String path : List.of("/requests", "/openapi.json")) {
            for (Set<Role> roles : allRoles()) {
                rest.caller = new Caller("bob", roles, "rest", "10.0.0.1");
                assertEquals(may(roles, Role.VIEWER) ? 200 : 403, rest.get(path).statusCode(), path + " by " + roles);
            }
        }
        assertEquals(List.of("REFUSED bob requests  " + ErrorCode.PRIVILEGES.rcode(),
                "REFUSED bob openapi.json  " + ErrorCode.PRIVILEGES.rcode()), rest.audit.lines());
    }

    @Test
    void thatIsNotServedIsThereForNobody() throws Exception {
        for (Set<Role> roles : allRoles()) {
            rest.caller = new Caller("bob", roles, "rest", "10.0.0.1");
            for (String path : List.of("/host/none", "/", "/requests/x", "/jobs/", "/host", "/host/df/x")) {
                assertEquals(404, rest.get(path).statusCode(), path + " by " + roles);
            }
        }
    }
}
