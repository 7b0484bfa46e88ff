/** libvirt's typed parameters: named values whose type is part of the answer. */

/** By libvirt's names: int, unsigned int, long long, unsigned long long, double, boolean, string. */
export type TypedParam =
  | { readonly field: string; readonly type: "int" | "uint" | "double"; readonly value: number }
  | { readonly field: string; readonly type: "llong" | "ullong"; readonly value: bigint }
  | { readonly field: string; readonly type: "boolean"; readonly value: boolean }
  | { readonly field: string; readonly type: "string"; readonly value: string };

/** In the order in which the driver gives them; virsh prints them so. */
export type TypedParams = readonly TypedParam[];

/** The parameter `field`, or undefined. */
export function typedParam(params: TypedParams, field: string): TypedParam | undefined {
  return params.find((each) => each.field === field);
}

/** Makes parameters by the names of their types. */
export const param = {
  int: (field: string, value: number): TypedParam => ({ field, type: "int", value }),
  uint: (field: string, value: number): TypedParam => ({ field, type: "uint", value }),
  llong: (field: string, value: bigint): TypedParam => ({ field, type: "llong", value }),
  ullong: (field: string, value: bigint): TypedParam => ({ field, type: "ullong", value }),
  boolean: (field: string, value: boolean): TypedParam => ({ field, type: "boolean", value }),
  string: (field: string, value: string): TypedParam => ({ field, type: "string", value }),
};
