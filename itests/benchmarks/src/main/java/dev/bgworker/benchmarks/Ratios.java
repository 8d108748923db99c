package dev.bgworker.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ratios.csv, to which each benchmark appends its rows, and the same as a table in the log. One process at a time. */
final class Ratios {

    private static final Logger LOG = LoggerFactory.getLogger(Ratios.class);

    private final Path csv;

    Ratios(Path csv) { this.csv = csv; }

    /** Begins anew. */
    void begin() throws IOException {
        Files.createDirectories(csv.toAbsolutePath().getParent());
        Files.write(csv, List.of(Row.HEADER));
        LOG.info(Row.heading());
    }

    void add(Row row) throws IOException {
        Files.write(csv, List.of(row.csv()), StandardOpenOption.APPEND);
        LOG.info(row.text());
    }
}
