/** Style sheets are imported for their effect; the bundler collects them. */
declare module "*.css";

/** Of the program: `1.2.3`; set at build time. */
declare const TABVISOR_VERSION: string;
