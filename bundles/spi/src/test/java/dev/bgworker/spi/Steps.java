package dev.bgworker.spi;

import dev.bgworker.spi.cluster.Storage;
import java.util.function.Consumer;

/** Tells of each step that databases which were not there from the beginning take in their files. */
record Steps(Storage storage, Consumer<String> told) implements Storage {

    private void tell(String database, String step) {
        if (Character.isDigit(database.charAt(0))) {
            told.accept(step);
        }
    }

    @Override
    public String place(String database) { return storage.place(database); }

    @Override
    public Admin admin(String database) {
        tell(database, "before admin");
        Admin admin = storage.admin(database);
        tell(database, "after admin");
        return admin;
    }

    @Override
    public void created(String database) {
        tell(database, "before created");
        storage.created(database);
        tell(database, "after created");
    }

    @Override
    public void drop(String database) {
        tell(database, "before drop");
        storage.drop(database);
        tell(database, "after drop");
    }
}
