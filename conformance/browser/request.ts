/** What the worker in the page is asked; it answers with an Outcome. */
export type Request = { readonly jit: boolean } & (
  | { readonly kind: "directed"; readonly name: string }
  | {
      readonly kind: "program";
      readonly name: string;
      readonly suite: string;
      /** Where the server has the program's bytes. */
      readonly path: string;
      readonly reference?: string;
    }
);
