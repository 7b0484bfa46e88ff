import type { Translate } from "../i18n/catalogue.ts";
import { errorText } from "./error-text.ts";
import { WebRefusal } from "./web-image.ts";

/** Why an image of the web cannot be read, in the page's language; any other error's sentence. */
export function webRefusalText(error: unknown, t: Translate): string {
  if (!(error instanceof WebRefusal)) return errorText(error);
  const { why, status } = error;
  return why === "status" ? t("web.status", { status }) : t(`web.${why}`);
}
