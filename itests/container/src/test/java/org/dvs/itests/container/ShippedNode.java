package org.dvs.itests.container;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.maven;
import static org.ops4j.pax.exam.CoreOptions.mavenBundle;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.CoreOptions.systemTimeout;
import static org.ops4j.pax.exam.CoreOptions.vmOption;
import static org.ops4j.pax.exam.OptionUtils.combine;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.doNotModifyLogConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.overrideJUnitBundles;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.dvs.itests.exam.Exam;
import org.dvs.testkit.Ports;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.karaf.options.KarafExamSystemConfigurationOption;

/** A node made from the distribution that is shipped, with nothing configured but ports that are free. */
@ExtendWith(Exam.class)
public abstract class ShippedNode {

    @Configuration
    public static Option[] node() throws IOException {
        String repository = System.getProperty("dvs.repository");
        Option[] shipped = {
            karafDistributionConfiguration().frameworkUrl(new File(System.getProperty("dvs.distribution")).toURI().toString())
                    .karafVersion(System.getProperty("dvs.karaf")).useDeployFolder(false)
                    .unpackDirectory(new File(System.getProperty("dvs.target"), "exam")),
            configureConsole().ignoreLocalConsole().ignoreRemoteShell(),
            editConfigurationFilePut("etc/org.dvs.cluster.cfg", "bindPort", Integer.toString(Ports.free())),
            editConfigurationFilePut("etc/org.dvs.web.cfg", "port", Integer.toString(Ports.free())),
            editConfigurationFilePut("etc/org.dvs.proxy.cfg", "basePort", Integer.toString(Ports.free())),
            editConfigurationFilePut("etc/org.apache.karaf.shell.cfg", "sshPort", Integer.toString(Ports.free())),
            vmOption("-Xmx256m"), vmOption("-XX:+UseSerialGC"), vmOption("-XX:TieredStopAtLevel=1"),
            systemTimeout(300_000), doNotModifyLogConfiguration(),
            // Outlives the container, so that a failure can be explained.
            editConfigurationFilePut("etc/org.ops4j.pax.logging.cfg", "log4j2.appender.rolling.fileName",
                    Path.of(System.getProperty("dvs.target"), "logs", "karaf.log").toString()),
        };
        Option[] driver = {
            new KarafExamSystemConfigurationOption("junit5"),
            overrideJUnitBundles(),
            // What Pax Exam and JUnit bring comes from the builder's own repository, never from outside.
            editConfigurationFilePut("etc/org.ops4j.pax.url.mvn.cfg", "org.ops4j.pax.url.mvn.localRepository", repository),
            editConfigurationFilePut("etc/org.ops4j.pax.url.mvn.cfg", "org.ops4j.pax.url.mvn.repositories", ""),
            junit("org.junit.platform", "junit-platform-commons", platform()),
            junit("org.junit.platform", "junit-platform-engine", platform()),
            junit("org.junit.platform", "junit-platform-launcher", platform()),
            junit("org.junit.jupiter", "junit-jupiter-api", jupiter()),
            junit("org.junit.jupiter", "junit-jupiter-params", jupiter()),
            junit("org.junit.jupiter", "junit-jupiter-engine", jupiter()),
            junit("org.opentest4j", "opentest4j", "1.3.0"),
            bundle(Path.of(System.getProperty("dvs.exam")).toUri().toString()),
            systemProperty("dvs.target").value(System.getProperty("dvs.target")),
            systemProperty("dvs.sample").value(System.getProperty("dvs.sample")),
            systemProperty("dvs.programs").value(System.getProperty("dvs.programs")),
            systemProperty("dvs.features").value(System.getProperty("dvs.features")),
        };
        return combine(combine(shipped, asItsOwnScript(System.getProperty("dvs.karaf"))), driver);
    }

    /** What bin/karaf passes to Java: without it Karaf's replacements of JDK services are missing. */
    private static Option[] asItsOwnScript(String karaf) {
        return Stream.of("--add-reads=java.xml=java.logging", "--add-exports=java.base/org.apache.karaf.specs.locator=java.xml,ALL-UNNAMED",
                "--patch-module", "java.base=lib/endorsed/org.apache.karaf.specs.locator-" + karaf + ".jar",
                "--patch-module", "java.xml=lib/endorsed/org.apache.karaf.specs.java.xml-" + karaf + ".jar",
                "--add-opens", "java.base/java.security=ALL-UNNAMED", "--add-opens", "java.base/java.net=ALL-UNNAMED",
                "--add-opens", "java.base/java.lang=ALL-UNNAMED", "--add-opens", "java.base/java.util=ALL-UNNAMED",
                "--add-opens", "java.naming/javax.naming.spi=ALL-UNNAMED", "--add-opens", "java.rmi/sun.rmi.transport.tcp=ALL-UNNAMED",
                "--add-exports=java.base/sun.net.www.protocol.http=ALL-UNNAMED",
                "--add-exports=java.base/sun.net.www.protocol.https=ALL-UNNAMED",
                "--add-exports=java.base/sun.net.www.protocol.jar=ALL-UNNAMED",
                "--add-exports=jdk.naming.rmi/com.sun.jndi.url.rmi=ALL-UNNAMED",
                "-classpath", "lib/jdk9plus/*" + File.pathSeparator + "lib/boot/*" + File.pathSeparator + "lib/endorsed/*")
                .map(option -> (Option) vmOption(option)).toArray(Option[]::new);
    }

    private static Option junit(String group, String artifact, String version) {
        return mavenBundle(maven(group, artifact).version(version));
    }

    private static String jupiter() {
        return System.getProperty("dvs.junit");
    }

    /** JUnit 5.x.y comes with platform 1.x.y. */
    private static String platform() {
        return jupiter().replaceFirst("^5", "1");
    }
}
