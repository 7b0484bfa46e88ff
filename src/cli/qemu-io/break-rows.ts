import type { OpenImage } from "../../storage/graph/opener.ts";
import { EVENTS } from "../../storage/filters/blkdebug/rules.ts";
import type { Row } from "./command-row.ts";
import type { Session } from "./session.ts";

/** Breakpoints in a `blkdebug` node: requests that come there wait. */
export const BREAK_ROWS: readonly Row[] = [
  {
    name: "break",
    args: "event tag",
    oneLine: "sets a breakpoint on event and tags the stopped request as tag",
    short: "",
    least: 2,
    most: 2,
    async run(session, { words }) {
      const [event, tag] = words as [string, string];
      const node = debuggerOf(session);
      if (node === undefined) return refuse(session, "Could not set a breakpoint", NOT_SUPPORTED);
      if (!EVENTS.has(event)) return refuse(session, "Could not set a breakpoint", NOT_FOUND);
      node.setBreakpoint(event, tag);
      return true;
    },
  },
  {
    name: "remove_break",
    args: "tag",
    oneLine: "remove a breakpoint by tag",
    short: "",
    least: 1,
    most: 1,
    async run(session, { words }) {
      const node = debuggerOf(session);
      if (node === undefined)
        return refuse(session, "Could not remove a breakpoint", NOT_SUPPORTED);
      if (!node.removeBreakpoint(words[0] as string))
        return refuse(session, `Could not remove a breakpoint ${words[0]}`, NOT_FOUND);
      return true;
    },
  },
  {
    name: "resume",
    args: "tag",
    oneLine: "resumes the request tagged as tag",
    short: "",
    least: 1,
    most: 1,
    async run(session, { words }) {
      const node = debuggerOf(session);
      if (node === undefined) return refuse(session, "Could not resume request", NOT_SUPPORTED);
      if (!node.resume(words[0] as string))
        return refuse(session, "Could not resume request", NOT_FOUND);
      return true;
    },
  },
  {
    name: "wait_break",
    args: "tag",
    oneLine: "waits for the suspension of a request",
    short: "",
    least: 1,
    most: 1,
    async run(session, { words }) {
      const node = debuggerOf(session);
      while (node?.isSuspended(words[0] as string) === false) await session.tools.sleep(1);
      return true;
    },
  },
];

const NOT_SUPPORTED = "Operation not supported";
const NOT_FOUND = "No such file or directory";

function debuggerOf({ image }: Session): OpenImage["debugger"] {
  return image?.debugger;
}

function refuse({ tools }: Session, what: string, why: string): boolean {
  tools.out(`${what}: ${why}\n`);
  return false;
}
