/**
 * In which row of a counter that is kept in several a connection counts, as SQL: a row is held until its writer's commit
 * is on the disk, so connections that are at work at the same time had better not share one. With more of them than
 * lanes some wait for each other.
 */
export const LANE = '(pg_backend_pid() % 32)::smallint'
