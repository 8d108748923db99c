package dev.bgworker.spi;

import dev.bgworker.api.spi.Portal;
import dev.bgworker.api.spi.Portal.Direction;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Spi;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.api.spi.SpiResult.Code;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** A table of three rows, and cursors on it. */
final class Cursors {

    static final long ALL = Long.MAX_VALUE;
    static final String QUERY = "SELECT a FROM t ORDER BY a";

    private Cursors() {}

    static void table(Session db) {
        Sql.ddl(db, "CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR)");
        Sql.commit(db, "INSERT INTO t VALUES (1, 'x'), (2, 'x'), (3, 'x')");
    }

    static Portal open(Spi spi, boolean scroll, boolean readOnly) {
        return spi.prepare(QUERY).openCursor(null, scroll, readOnly);
    }

    /** The first column. */
    static List<Integer> fetch(Portal portal, Direction direction, long count) {
        SpiResult result = portal.fetch(direction, count);
        assertThat(result.code()).isEqualTo(Code.OK_FETCH);
        List<Integer> rows = new ArrayList<>();
        for (int i = 0; i < result.numvals(); i++) {
            rows.add(result.get(i, 1, Integer.class));
        }
        assertThat(result.processed()).isEqualTo(rows.size());
        return rows;
    }
}
