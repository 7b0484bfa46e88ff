import type { Image } from "../image.ts";

/** Something that runs an image and shows RAM as it is afterwards. */
export interface Engine {
  /**
   * @returns RAM from its beginning to `image.endAt`, valid until the next run
   * @throws Error when the image does not power the machine off in time
   */
  run(image: Image): Promise<Uint8Array>;
  close(): void;
}
