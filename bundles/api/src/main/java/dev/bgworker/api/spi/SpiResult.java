package dev.bgworker.api.spi;

import org.osgi.annotation.versioning.ProviderType;

/**
 * {@code SPI_result}, {@code SPI_processed} and {@code SPI_tuptable} of one call. Rows count from 0, columns from 1,
 * as in C.
 */
@ProviderType
public interface SpiResult {

    /** {@code SPI_OK_...} and {@code SPI_ERROR_...}. */
    enum Code {
        OK_CONNECT(1), OK_FINISH(2), OK_FETCH(3), OK_UTILITY(4), OK_SELECT(5), OK_SELINTO(6), OK_INSERT(7), OK_DELETE(
                8), OK_UPDATE(9), OK_CURSOR(10), OK_INSERT_RETURNING(11), OK_DELETE_RETURNING(12), OK_UPDATE_RETURNING(
                        13), OK_REWRITTEN(14), OK_REL_REGISTER(15), OK_REL_UNREGISTER(16), OK_TD_REGISTER(17), OK_MERGE(
                                18), OK_MERGE_RETURNING(19), ERROR_CONNECT(-1), ERROR_COPY(-2), ERROR_OPUNKNOWN(
                                        -3), ERROR_UNCONNECTED(-4), ERROR_CURSOR(-5), ERROR_ARGUMENT(-6), ERROR_PARAM(
                                                -7), ERROR_TRANSACTION(-8), ERROR_NOATTRIBUTE(-9), ERROR_NOOUTFUNC(
                                                        -10), ERROR_TYPUNKNOWN(
                                                                -11), ERROR_REL_DUPLICATE(-12), ERROR_REL_NOT_FOUND(-13);

        private final int number;

        Code(int number) { this.number = number; }

        /** PostgreSQL's number; below zero is misuse. */
        public int number() { return number; }

        /** {@code SPI_result_code_string}. */
        @Override
        public String toString() { return "SPI_" + name(); }
    }

    Code code();

    /** {@code SPI_processed}. */
    long processed();

    /** {@code SPI_tuptable->numvals}. */
    int numvals();

    /** {@code tupdesc->natts}. */
    int natts();

    /** {@code SPI_fnumber}; 42703 when there is none. */
    int fnumber(String column);

    /** {@code SPI_fname}. */
    String fname(int column);

    /** {@code SPI_gettype}. */
    String gettype(int column);

    /** {@code SPI_getbinval}, with String {@code SPI_getvalue}; null is SQL NULL, 42703 a wrong column. */
    <T> T get(int row, int column, Class<T> type);
}
