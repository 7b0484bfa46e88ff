import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The real qemu-img as a judge of images. */
export class RealCheck {
  readonly #program: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "tabvisor-fuzz-"));
  calls = 0;

  private constructor(program: string) {
    this.#program = program;
  }

  /** @returns undefined where the program is not installed */
  static find(program: string): RealCheck | undefined {
    return spawnSync(program, ["--version"]).status === 0 ? new RealCheck(program) : undefined;
  }

  /**
   * @param isDirty its counts are marked as not to be trusted: they are taken anew first
   * @param beside files that the image names
   * @returns what is wrong with an image: damage, not leaks
   */
  leaksAtMost(
    image: Uint8Array,
    isDirty: boolean,
    beside: ReadonlyMap<string, Uint8Array>,
  ): string | undefined {
    for (const [name, bytes] of beside) writeFileSync(join(this.#folder, name), bytes);
    const how = isDirty ? ["-r", "all"] : [];
    const check = (path: string) => ["check", "-q", ...how, "-f", "qcow2", path];
    const { status, text } = this.#run(image, check);
    return status === 0 || status === 3 ? undefined : `qemu-img check: ${status} ${text}`;
  }

  /** @returns what is wrong with an image that should be sound and read as `contents` */
  soundAndEqual(
    image: Uint8Array,
    contents: Uint8Array,
    beside: ReadonlyMap<string, Uint8Array> = new Map(),
  ): string | undefined {
    for (const [name, bytes] of beside) writeFileSync(join(this.#folder, name), bytes);
    const check = this.#run(image, (path) => ["check", "-f", "qcow2", path]);
    if (check.status !== 0) return `qemu-img check: ${check.text}`;
    const raw = join(this.#folder, "raw");
    writeFileSync(raw, contents);
    const compare = this.#run(image, (path) => ["compare", "-f", "qcow2", "-F", "raw", path, raw]);
    return compare.status === 0 ? undefined : `qemu-img compare: ${compare.text}`;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #run(
    image: Uint8Array,
    args: (path: string) => string[],
  ): { readonly status: number | null; readonly text: string } {
    this.calls++;
    const path = join(this.#folder, "image");
    writeFileSync(path, image);
    const { status, stdout, stderr } = spawnSync(this.#program, args(path), {
      encoding: "utf8",
      // Names in images are looked for where the program was started.
      cwd: this.#folder,
    });
    return { status, text: (stdout + stderr).trim() };
  }
}
