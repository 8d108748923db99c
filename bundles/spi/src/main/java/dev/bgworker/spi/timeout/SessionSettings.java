package dev.bgworker.spi.timeout;

import dev.bgworker.api.process.Activity;
import java.util.EnumMap;
import java.util.Map;

/**
 * The settings of one session. What {@code SET LOCAL} said wins over {@code SET}, that over what is stored for role and
 * database, that over the host's. {@code SET} is undone by an abort, as in PostgreSQL. Owner thread only.
 */
public final class SessionSettings {

    /** What SET has changed; immutable, so that a level of transaction keeps the one it began with to return to. */
    public record Changes(Map<Setting, String> session, Map<Setting, String> local) {

        static final Changes NONE = new Changes(Map.of(), Map.of());
    }

    private final HostLimits host;
    private final Map<Setting, String> stored = new EnumMap<>(Setting.class);
    private final Activity activity;
    // All, owner thread only: what SET changed, the host's limits that the merged ones were made of, and these.
    private Changes changes = Changes.NONE;
    private Limits seen;
    private Limits limits;

    /** @param stored by name, unknown ones are another's business; 22023 for a value that is none */
    public SessionSettings(HostLimits host, Map<String, String> stored, Activity activity) {
        this.host = host;
        this.activity = activity;
        stored.forEach((name, text) -> Setting.of(name)
                .ifPresent(setting -> this.stored.put(setting, setting.checked(text))));
        if (this.stored.containsKey(Setting.APPLICATION_NAME)) {
            activity.applicationName(this.stored.get(Setting.APPLICATION_NAME));
        }
    }

    /** The timeouts now: one volatile read unless something has changed. */
    public Limits limits() {
        Limits now = host.now();
        if (now != seen) {
            limits = new Limits(nanos(Setting.STATEMENT_TIMEOUT, now.statement()), nanos(Setting.LOCK_TIMEOUT, now.lock()),
                    nanos(Setting.TRANSACTION_TIMEOUT, now.transaction()),
                    nanos(Setting.IDLE_IN_TRANSACTION_SESSION_TIMEOUT, now.idle()));
            seen = now;
        }
        return limits;
    }

    private long nanos(Setting setting, long usual) {
        String own = own(setting);
        return own == null ? usual : setting.time(own).toNanos();
    }

    /** Null when the host's counts. */
    private String own(Setting setting) {
        String local = changes.local.get(setting);
        String session = local == null ? changes.session.get(setting) : local;
        return session == null ? stored.get(setting) : session;
    }

    /** {@code SHOW}. */
    public String show(Setting setting) {
        String own = own(setting);
        return own == null ? host.text(setting) : own;
    }

    /** {@code SET}, and with null {@code RESET}; 22023 for a value that is none. */
    public void set(Setting setting, boolean local, String text) {
        String value = text == null ? null : setting.checked(text);
        if (!setting.isTime()) {
            activity.applicationName(value == null ? stored.getOrDefault(setting, "") : value);
        }
        if (local) {
            changes = new Changes(changes.session, with(changes.local, setting,
                    value == null ? stored.getOrDefault(setting, host.text(setting)) : value));
        } else {
            changes = new Changes(with(changes.session, setting, value), with(changes.local, setting, null));
        }
        seen = null;
    }

    private static Map<Setting, String> with(Map<Setting, String> before, Setting setting, String value) {
        Map<Setting, String> after = new EnumMap<>(Setting.class);
        after.putAll(before);
        if (value == null) {
            after.remove(setting);
        } else {
            after.put(setting, value);
        }
        return after;
    }

    /** For {@link #restore}, when a level of transaction begins. */
    public Changes changes() { return changes; }

    /** What a level that is aborted began with. */
    public void restore(Changes before) {
        if (changes != before) {
            become(before);
        }
    }

    /** The transaction has committed: {@code SET LOCAL} is over. */
    public void endLocal() {
        if (!changes.local.isEmpty()) {
            become(new Changes(changes.session, Map.of()));
        }
    }

    private void become(Changes after) {
        String name = show(Setting.APPLICATION_NAME);
        changes = after;
        seen = null;
        if (!show(Setting.APPLICATION_NAME).equals(name)) {
            activity.applicationName(show(Setting.APPLICATION_NAME));
        }
    }
}
