package dev.mlhandoff.runtime;

/**
 * The work of one stage. May be called again for the same input after a crash, and must then
 * produce an equal output. The output is kept as JSON in the manifest.
 */
@FunctionalInterface
public interface Stage<I, O> {

  /**
   * Does the work.
   *
   * @throws RejectionException if the run must end
   * @throws TransientException if trying again may help; so may IO and transient SQL exceptions
   * @throws Exception anything else is a defect: dead-lettered and rejected as INTERNAL
   */
  O run(I input, StageContext context) throws Exception;
}
