package dev.bgworker.launcher;

import java.nio.file.Path;

/** A bundle that makes the host, with the start level that feature.xml gives it. */
public record BundleFile(Path file, int startLevel) {}
