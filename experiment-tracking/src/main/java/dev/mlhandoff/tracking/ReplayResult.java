package dev.mlhandoff.tracking;

/**
 * What a replay found and did.
 *
 * @param experiment the server's id of the experiment
 * @param run the server's id of the attempt's run
 * @param runs runs that are now complete: the attempt's and one a trial
 * @param created how many of them this replay created
 * @param artifacts files that this replay stored; the server may keep artifacts where only its own
 *     clients can write, then none
 */
public record ReplayResult(String experiment, String run, int runs, int created, int artifacts) {}
