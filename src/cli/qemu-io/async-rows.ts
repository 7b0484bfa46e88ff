import type { Row } from "./command-row.ts";
import { readCommand, writeCommand } from "./transfer.ts";

/** Requests that go on while further commands are read; what they did is said when they end. */
export const ASYNC_ROWS: readonly Row[] = [
  {
    name: "aio_flush",
    args: "",
    oneLine: "completes all outstanding aio requests",
    short: "",
    least: 0,
    most: 0,
    async run(session) {
      await session.settle();
      return true;
    },
  },
  {
    name: "aio_read",
    args: "[-Ciqv] [-P pattern] off len [len..]",
    oneLine: "asynchronously reads a number of bytes",
    short: "CP:iqv",
    least: 2,
    most: -1,
    async run(session, args) {
      session.startRequest(() => readCommand(session, "readv", args));
      return true;
    },
  },
  {
    name: "aio_write",
    args: "[-Cfiquz] [-P pattern] off len [len..]",
    oneLine: "asynchronously writes a number of bytes",
    short: "CfiP:quz",
    least: 2,
    most: -1,
    writes: true,
    async run(session, args) {
      session.startRequest(() => writeCommand(session, "aio_write", args));
      return true;
    },
  },
];
