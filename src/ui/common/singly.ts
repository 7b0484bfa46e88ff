/** Clicks that were meant for what stood there before. */
import type { MouseEvent } from "react";

/** Whether it is the second click of a double click, whose first one may have put another button there. */
export function isAgain({ detail }: Pick<MouseEvent, "detail">): boolean {
  return detail > 1;
}

/** Does what a button says, but not at the second click of a double click. */
export function singly(act: () => void): (event: Pick<MouseEvent, "detail">) => void {
  return (event) => {
    if (!isAgain(event)) act();
  };
}
