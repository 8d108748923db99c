package dev.bgworker.schedules;

/** Says who goes on where several could. One thread at a time. */
interface Choices {

    /**
     * @param options how many could, the present one first if he could
     * @param free how many of them, from the first on, cost nothing
     * @param where for those who see that a schedule does not repeat itself
     */
    int pick(int options, int free, String where);
}
