/** How values of the server become values of JavaScript. */
import { types } from 'pg'
import type { CustomTypesConfig } from 'pg'

const { builtins } = types
const asArray = types.getTypeParser(1009 as never, 'text') as (text: string) => unknown[]

// By OID; everything that is not here stays the text that the server printed.
const parsers = new Map<number, (text: string) => unknown>([
  [builtins.BOOL, (text) => text === 't'],
  ...[builtins.INT2, builtins.INT4, builtins.OID, builtins.FLOAT4, builtins.FLOAT8].map((oid) => [oid, Number] as const),
  [builtins.INT8, integer],
  [builtins.JSON, JSON.parse],
  [builtins.JSONB, JSON.parse],
  [1000, (text) => asArray(text).map((item) => item === 't')], // bool[]
  ...[1005, 1007, 1028, 1021, 1022].map((oid) => [oid, (text: string) => asArray(text).map(number)] as const), // int2[], int4[], oid[], float4[], float8[]
  [1016, (text) => asArray(text).map((item) => (item === null ? null : integer(String(item))))], // int8[]
  ...[1002, 1003, 1009, 1014, 1015, 1034, 2951].map((oid) => [oid, asArray] as const), // "char"[], name[], text[], bpchar[], varchar[], aclitem[], uuid[]
])

/** For `new pg.Client({ types })`. An int8 beyond 2^53 and every numeric stay text, exact. */
export const typeParsers: CustomTypesConfig = {
  getTypeParser: ((oid: number) => parsers.get(oid) ?? ((text: string) => text)) as CustomTypesConfig['getTypeParser'],
}

function integer(text: string): number | string {
  return Number.isSafeInteger(Number(text)) ? Number(text) : text
}

function number(item: unknown): number | null {
  return item === null ? null : Number(item)
}
