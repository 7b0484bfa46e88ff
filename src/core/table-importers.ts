/**
 * Whether the engine frees instances that imported a table while the table lives on.
 *
 * V8 12 does not (Node 20 and 22): each module that ever imported the table stays, and each new one takes
 * longer, as all that are there are told of every change. V8 13.6 (Node 24) does. Nothing says so directly;
 * Float16Array came to V8 in 13.5. An engine without it is treated with care, which it may not need.
 */
export function freesTableImporters(): boolean {
  return "Float16Array" in globalThis;
}
