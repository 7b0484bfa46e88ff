export { utf8Text } from "../util/bytes.ts";
