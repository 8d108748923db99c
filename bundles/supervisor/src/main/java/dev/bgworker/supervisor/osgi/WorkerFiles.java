package dev.bgworker.supervisor.osgi;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.process.ErrorException;
import dev.bgworker.supervisor.Supervisor;
import java.util.Dictionary;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.cm.ManagedServiceFactory;

/** Static workers without code: {@code etc/bgw.worker-NAME.cfg}, as ConfigAdmin's factory {@code bgw.worker}. Thread-safe. */
final class WorkerFiles implements ManagedServiceFactory, ConfigurationListener {

    static final String PID = "bgw.worker";
    private static final String NAMED = PID + "~";

    private final Supervisor supervisor;
    private final Map<String, String> files = new ConcurrentHashMap<>();

    WorkerFiles(Supervisor supervisor) { this.supervisor = supervisor; }

    @Override
    public String getName() { return "background workers of files"; }

    @Override
    public void updated(String pid, Dictionary<String, ?> properties) {
        String name = name(pid);
        Map<String, String> keys = new TreeMap<>(HostSettings.text(properties));
        String file = keys.getOrDefault("felix.fileinstall.filename", pid).replaceFirst("^file:", "");
        String shown = file.substring(file.lastIndexOf('/') + 1);
        keys.keySet().removeIf(HostSettings::isOsgi);
        files.put(pid, shown);
        WorkerFile content = new WorkerFile(name, keys);
        try {
            var definition = content.definition();
            supervisor.declare(statics -> statics.fileRegisters(name, definition, shown));
        } catch (ErrorException e) {
            supervisor.declare(statics -> statics.fileRefused(name, content.outline(), shown, e.data()));
        }
    }

    @Override
    public void deleted(String pid) {
        String file = files.remove(pid);
        supervisor.declare(statics -> statics.fileRemoved(name(pid), file == null ? pid : file));
    }

    private static String name(String pid) { return pid.startsWith(NAMED) ? pid.substring(NAMED.length()) : pid; }

    /** A file with a tilde in its name makes a configuration that nobody hears of. */
    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getFactoryPid() != null || !event.getPid().startsWith(NAMED)) {
            return;
        }
        String name = name(event.getPid());
        String file = event.getPid() + ".cfg";
        if (event.getType() == ConfigurationEvent.CM_UPDATED) {
            var why = errcode("22023", "the file's name makes no worker")
                    .errhint("Name it bgw.worker-" + name + ".cfg, with a hyphen.");
            supervisor.declare(
                    statics -> statics.fileRefused(file, new WorkerFile(name, Map.of()).outline(), file, why));
        } else if (event.getType() == ConfigurationEvent.CM_DELETED) {
            supervisor.declare(statics -> statics.fileRemoved(file, file));
        }
    }
}
