/** Elements of lists that sub-options name by number. */
import type { OptionRow } from "./option-row.ts";
import type { Part } from "./part.ts";

/** The element that `cell2.id` speaks of; where it is missing, it is made or there is none. */
export function memberOf(
  part: Part,
  row: OptionRow,
  key: string,
  mayMake: boolean,
): Part | undefined {
  let here: Part | undefined = part;
  for (const word of (row.each ?? "").split(" ").filter((each) => each !== "")) {
    const [spelling = "", list = spelling] = word.split("=");
    const number = Number(new RegExp(`${spelling}(\\d+)`).exec(key)?.[1] ?? "0");
    const parent: Part | undefined = here;
    if (!parent) return undefined;
    if (mayMake) while (parent.list(list).length <= number) parent.add(list);
    here = parent.list(list)[number];
  }
  return here;
}
