package dev.mlhandoff.mos.rollout;

/** Judges one aspect of a step; may be asked again after every request. */
interface Judge {

  Opinion judge(Evidence evidence);
}
