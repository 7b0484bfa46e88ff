/**
 * A condition for `InlineMachine.run` that also gives up: a program that only traps retires no
 * instructions, so that a limit of these alone would never be reached.
 *
 * @param rounds how often the condition is looked at, once a slice of instructions
 */
export function orGiveUp(condition: () => boolean, rounds: number): () => boolean {
  let left = rounds;
  return () => condition() || --left <= 0;
}
