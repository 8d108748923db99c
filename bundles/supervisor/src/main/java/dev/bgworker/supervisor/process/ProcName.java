package dev.bgworker.supervisor.process;

/**
 * What a process is called in listings and log lines. A value.
 *
 * @param type {@code bgw_type}, for a backend "client backend"
 * @param name {@code bgw_name}, for a backend its application name
 * @param library {@code bgw_library_name}, null for a backend
 */
record ProcName(String type, String name, String library) {}
