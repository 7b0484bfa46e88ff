/** A test program as the runner takes it. */
export interface TestProgram {
  /** Folder and file name: what expected-fail.json and filters refer to. */
  readonly name: string;
  /** What figures are counted by. */
  readonly suite: string;
  readonly elf: Uint8Array;
  /** The text of the signature file that lies beside the program. */
  readonly reference?: string;
}

/** How one program ended. `detail` completes the sentence that says what went wrong. */
export type Outcome =
  | { readonly kind: "pass" }
  | { readonly kind: "fail" | "timeout" | "error"; readonly detail: string };

/** An engine that runs programs one after another. */
export interface Engine {
  run(program: TestProgram): Promise<Outcome>;
  /** @param name of a test in `directed/` */
  runDirected(name: string): Promise<Outcome>;
  close(): Promise<void>;
}
