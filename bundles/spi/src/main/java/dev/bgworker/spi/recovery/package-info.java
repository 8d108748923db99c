/**
 * What outlives a crash: commits forced to the disk, the mark of a clean stop, the check after an unclean one, the rebuild of
 * a damaged store. Knows databases as {@link dev.bgworker.spi.recovery.Store}s.
 */
package dev.bgworker.spi.recovery;
