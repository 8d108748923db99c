package dev.bgworker.testing.log;

import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Hands each line to the recorder. Thread-safe. */
final class RecordingLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1;

    RecordingLogger(String name) { this.name = name; }

    @Override
    public boolean isTraceEnabled() { return false; }

    @Override
    public boolean isDebugEnabled() { return true; }

    @Override
    public boolean isInfoEnabled() { return true; }

    @Override
    public boolean isWarnEnabled() { return true; }

    @Override
    public boolean isErrorEnabled() { return true; }

    @Override
    protected String getFullyQualifiedCallerName() { return null; }

    @Override
    protected void handleNormalizedLoggingCall(Level level, Marker marker, String pattern, Object[] args, Throwable thrown) {
        Recorder.record(level, name, MessageFormatter.basicArrayFormat(pattern, args), thrown);
    }
}
