package dev.bgworker.spi.cluster;

/** A row of {@code pg_db_role_setting}, one setting each; 0 is every database, or every role. A value. */
record StoredSetting(long database, long role, String name, String value) {}
