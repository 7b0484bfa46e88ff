/** Lists of lines of virsh commands. */

export interface CommandList {
  readonly name: string;
  /** virsh's own options, before the line. */
  readonly options: readonly string[];
  readonly lines: readonly string[];
}

const OPTIONS = "#! ";

/** A line, apart from the editor that it may name: `[sed -i s/a/b/] edit test`. */
export function editorOf(line: string): { readonly editor: string; readonly commands: string } {
  const parts = /^\[(.*?)\] (.*)$/s.exec(line);
  return { editor: parts?.[1] ?? "false", commands: parts?.[2] ?? line };
}

/**
 * Reads a list: a line each, empty lines and those that begin with `#` are none. One that begins
 * with `#!` has virsh's options in place of `-c test:///default`. `FOLDER` stands for the absolute path
 * of the folder in which the commands run, which has the files of `conformance/virsh/files`.
 */
export function parseList(name: string, text: string): CommandList {
  const lines = text.split("\n");
  const options = lines.find((line) => line.startsWith(OPTIONS))?.slice(OPTIONS.length);
  return {
    name,
    options: (options ?? "-c test:///default").split(" "),
    lines: lines.filter((line) => line.trim() !== "" && !line.startsWith("#")),
  };
}
