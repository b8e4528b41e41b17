import { fileURLToPath } from 'node:url'

const middleware = fileURLToPath(new URL('../lambdas/middleware/', import.meta.url))

export const UCUM = '@lhncbc/ucum-lhc'

/** Pipeline functions convert units; the library for those beyond the built-in table is loaded when one comes. */
export const isPipeline = (name: string): boolean => ['plant', 'fleet', 'building'].includes(name)

/** What a function's bundle has in a package's place. */
export const aliasesOf = (name: string): Readonly<Record<string, string>> => ({
  [UCUM]: './ucum.mjs',
  semver: `${middleware}semver.cjs`,
  // Pipeline functions trace their client of DynamoDB, for which the library brings a table of every AWS call.
  ...(!isPipeline(name) && { 'aws-xray-sdk-core': `${middleware}xray.cjs` }),
})
