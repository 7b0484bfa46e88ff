/** Whether the last CSR read or written exists; one that does not is an illegal instruction. */

export let csrMissing: bool = false;

export function found(): void {
  csrMissing = false;
}

export function missing(): void {
  csrMissing = true;
}
