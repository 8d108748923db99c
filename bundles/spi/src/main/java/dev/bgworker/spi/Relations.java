package dev.bgworker.spi;

import dev.bgworker.api.process.Held;
import dev.bgworker.api.spi.SpiResult;
import dev.bgworker.spi.engine.Engine;
import dev.bgworker.spi.engine.Tuples;
import dev.bgworker.spi.sql.Command;
import dev.bgworker.spi.sql.WithClause;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static dev.bgworker.api.process.ErrorData.errcode;

/**
 * The relations registered in one SPI level: {@code QueryEnvironment}. A statement that mentions one gets it as a common table
 * expression over array parameters, so that every session sees it, read_only ones too, and nothing is left in the engine.
 * Owner thread only.
 */
final class Relations {

    /** An array for each column. */
    private record Relation(Tuples.Column[] columns, Object[][] values) {

        static Relation of(Tuples rows) {
            Object[][] values = new Object[rows.columns().length][rows.rows().size()];
            for (int row = 0; row < rows.rows().size(); row++) {
                for (int column = 0; column < values.length; column++) {
                    values[column][row] = rows.rows().get(row)[column];
                }
            }
            return new Relation(rows.columns(), values);
        }
    }

    /** A statement with its relations, all its values, and whether what it returns is the count of the rows it changed. */
    record Bound(Command command, Object[] values, boolean counts) {}

    private final SpiSession session;
    private final Engine engine;
    private final Map<String, Relation> registered = new LinkedHashMap<>();
    // Owner thread only: the version of the schema in which nothing hides one of them.
    private long checked;

    Relations(SpiSession session, Engine engine) {
        this.session = session;
        this.engine = engine;
        this.checked = session.home().schemaVersion();
    }

    Held register(String name, SpiResult rows) {
        if (name == null || name.isEmpty() || !(rows instanceof SpiRows own) || own.natts() == 0) {
            throw session.raise(errcode("22023", "a relation needs a name and the rows of a query"));
        } else if (registered.containsKey(name)) {
            throw session.raise(errcode("42P07", "relation \"" + name + "\" is already registered")
                    .errhint("Close its registration first, or choose another name."));
        }
        own.level().checkConnected();
        checkHidden(name);
        Relation relation = Relation.of(own.tuples());
        registered.put(name, relation);
        return () -> {
            session.caller().checkThread();
            registered.remove(name, relation);
        };
    }

    /** The engine takes a table before a common table expression of its name, which would be the wrong rows. */
    private void checkHidden(String name) {
        try {
            session.main().prepare(WithClause.probe(name));
        } catch (SQLException e) {
            if (engine.error(e).sqlState().equals("42P01")) {
                return;
            }
            throw session.failed(e, WithClause.probe(name).sql());
        }
        throw session.raise(errcode("42P07", "relation \"" + name + "\" already exists")
                .errdetail("A table or view of that name would be read in place of the registered rows.")
                .errhint("Register them under another name."));
    }

    private void checkHidden() {
        long now = session.home().schemaVersion();
        if (now != checked) {
            registered.keySet().forEach(this::checkHidden);
            checked = now;
        }
    }

    /** Values of the statement from that one on. */
    Bound bind(Command command, Object[] args, int from) {
        checkHidden();
        WithClause with = new WithClause(command);
        List<Object[]> arrays = new ArrayList<>();
        for (Map.Entry<String, Relation> each : registered.entrySet()) {
            if (with.mentions(each.getKey())) {
                Relation relation = each.getValue();
                int before = arrays.size();
                with.add(each.getKey(), List.of(relation.columns).stream().map(Tuples.Column::name).toList(),
                        engine.relation(relation.columns, relation.values, column -> with.parameter(before + column)));
                arrays.addAll(List.of(relation.values));
            }
        }
        List<Object> own = Arrays.asList(args).subList(from, from + command.parameters());
        List<Object> values = new ArrayList<>(command.numbered() ? own : arrays);
        values.addAll(command.numbered() ? arrays : own);
        return new Bound(with.command(arrays.size()), values.toArray(), with.counts());
    }

    /** The statement alone, its values not known yet. */
    Command bind(Command command) {
        return bind(command, new Object[command.parameters()], 0).command();
    }
}
