/** An error's sentence, with its full stop. */
export function errorText(error: unknown): string {
  const message =
    error instanceof Error ? error.message : `unknown error: ${JSON.stringify(error)}`;
  return /[.!?。]$/.test(message) ? message : `${message}.`;
}
