import type { OpenImage } from "../../storage/graph/opener.ts";
import { longSizeText } from "../image/sizes.ts";
import type { Row } from "./command-row.ts";
import { allocCommand, infoCommand, mapCommand } from "./inspect.ts";

/** What there is to know of the image. */
export const INSPECT_ROWS: readonly Row[] = [
  {
    name: "alloc",
    alias: "a",
    args: "offset [count]",
    oneLine: "checks if offset is allocated in the file",
    short: "",
    least: 1,
    most: 2,
    run: allocCommand,
  },
  {
    name: "info",
    alias: "i",
    args: "",
    oneLine: "prints information about the current file",
    short: "",
    least: 0,
    most: 0,
    run: infoCommand,
  },
  {
    name: "length",
    alias: "l",
    args: "",
    oneLine: "gets the length of the current file",
    short: "",
    least: 0,
    most: 0,
    async run({ tools, image }) {
      tools.out(`${longSizeText((image as OpenImage).node.sizeBytes)}\n`);
      return true;
    },
  },
  {
    name: "map",
    args: "",
    oneLine: "prints the allocated areas of a file",
    short: "",
    least: 0,
    most: 1,
    run: mapCommand,
  },
];
