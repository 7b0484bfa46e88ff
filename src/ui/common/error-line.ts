/** Where an error is in a text: libvirt's errors of parsing say `(domain_definition):7: …`. */

/** From 1; null where the error tells of no place. */
export function errorLineOf(message: string): number | null {
  const line = /\(\w+\):(\d+):/.exec(message)?.[1];
  return line === undefined ? null : Number(line);
}
