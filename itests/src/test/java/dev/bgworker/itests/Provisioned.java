package dev.bgworker.itests;

import static org.ops4j.pax.exam.CoreOptions.bootDelegationPackages;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import dev.bgworker.itests.rendezvous.Rendezvous;
import dev.bgworker.launcher.BundleFile;
import dev.bgworker.launcher.Distribution;
import dev.bgworker.launcher.HostProperties;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ops4j.pax.exam.Option;

/**
 * What Pax Exam starts: the bundles of the distribution with the start levels and properties that it ships, on a home
 * directory of the test class. Runs outside of the framework.
 */
final class Provisioned {

    /** Taken from the class path of the tests, not from bundles. */
    private static final String[] OF_THE_CLASS_PATH = {"org.assertj.*", "org.awaitility", "org.awaitility.*", "org.hamcrest",
            "org.hamcrest.*",
            "dev.bgworker.itests.rendezvous"};
    /** The shell at the terminal is above it. */
    private static final int LEVEL = 50;

    private Provisioned() {}

    /**
     * A host for that test class.
     *
     * @param settings lines of etc/bgw.cfg
     */
    static Option host(Class<?> test, String... settings) {
        Rendezvous.clear();
        Path distribution = Path.of(System.getProperty("distribution"));
        Path home = Homes.fresh(test.getSimpleName(), settings);
        HostProperties properties = HostProperties.read(home.resolve("etc/bgworkerd.properties"),
                Map.of("bgw.home", home.toString(), "gosh.args", "--nointeractive", "itests.distribution",
                        distribution.toString(), "org.osgi.framework.bundle.parent", "app", "felix.bootdelegation.implicit",
                        "false"));
        List<Option> options = new ArrayList<>();
        properties.framework().forEach((key, value) -> options.add(frameworkProperty(key).value(value)));
        properties.system().forEach((key, value) -> options.add(systemProperty(key).value(value)));
        for (BundleFile each : new Distribution(distribution).bundles()) {
            options.add(bundle(each.file().toUri().toString()).startLevel(each.startLevel()));
        }
        options.add(bootDelegationPackages(OF_THE_CLASS_PATH));
        options.add(frameworkStartLevel(LEVEL));
        options.add(junitBundles());
        return composite(options.toArray(Option[]::new));
    }
}
