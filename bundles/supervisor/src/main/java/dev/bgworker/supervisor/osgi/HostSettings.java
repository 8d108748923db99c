package dev.bgworker.supervisor.osgi;

import dev.bgworker.supervisor.Supervisor;
import dev.bgworker.supervisor.settings.Settings;
import dev.bgworker.supervisor.settings.SettingsReader;
import java.io.IOException;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ManagedService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code etc/bgw.cfg} as it arrives through ConfigAdmin. A change is a SIGHUP to all. Guarded by its monitor. */
final class HostSettings implements ManagedService {

    static final String PID = "bgw";
    private static final Logger LOG = LoggerFactory.getLogger("bgworkerd");
    private static final String FILE_NAME = "felix.fileinstall.filename";

    private volatile Settings now = Settings.DEFAULT;
    /** Set once, before the first update. */
    private volatile Supervisor supervisor;
    private Map<String, String> last;

    void tell(Supervisor listener) { supervisor = listener; }

    Settings now() { return now; }

    @Override
    public void updated(Dictionary<String, ?> properties) {
        if (take(text(properties))) {
            supervisor.reload();
        }
    }

    /** As they are now, without waiting to be told; at the start and for a reload. */
    void read(ConfigurationAdmin admin) {
        try {
            Configuration[] found = admin.listConfigurations("(service.pid=" + PID + ")");
            take(text(found == null ? null : found[0].getProperties()));
        } catch (IOException | InvalidSyntaxException e) {
            LOG.error("the settings could not be read; they stay as they are", e);
        }
    }

    /** For whoever ends the process: how long a shutdown may take before something is wrong. */
    private void publishShutdownLimit() {
        System.setProperty("bgw.shutdown.limit", Long.toString(now.limits().shutdownTimeout().plusSeconds(15).toMillis()));
    }

    /** False when nothing changed. Under the monitor to its end, so that what was read last is what holds. */
    private synchronized boolean take(Map<String, String> given) {
        if (given.equals(last)) {
            return false;
        }
        last = given;
        String file = given.getOrDefault(FILE_NAME, PID);
        Map<String, String> keys = new TreeMap<>(given);
        keys.keySet().removeIf(HostSettings::isOsgi);
        SettingsReader reader = new SettingsReader(file.replaceFirst("^file:", ""), keys);
        now = reader.read(now);
        publishShutdownLimit();
        supervisor.settings(now);
        reader.faults().forEach(LOG::warn);
        return true;
    }

    /** Keys that ConfigAdmin and FileInstall add. */
    static boolean isOsgi(String key) {
        return key.startsWith("service.") || key.startsWith("felix.fileinstall.");
    }

    static Map<String, String> text(Dictionary<String, ?> properties) {
        Map<String, String> text = new TreeMap<>();
        if (properties != null) {
            for (Enumeration<String> keys = properties.keys(); keys.hasMoreElements();) {
                String key = keys.nextElement();
                text.put(key, String.valueOf(properties.get(key)));
            }
        }
        return text;
    }
}
