import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { bundleOptions, handlerNames } from '../../bench/lambda/bundle.ts'
import { isPipeline } from '../../lib/bundle-aliases.ts'

/** A cold start reads all of it (docs/operations.md, what a function carries). */
const BUDGET_BYTES = 500_000

/** All of these at once, as they are parsed once then. */
async function bundled(names: readonly string[]) {
  const { metafile } = await build({
    ...bundleOptions(names[0]!),
    entryPoints: names.flatMap((name) => bundleOptions(name).entryPoints),
    outdir: 'none',
    write: false,
  })
  return Object.entries(metafile.outputs).map(([file, { bytes, inputs }]) => ({
    name: file.split('/').at(-2)!,
    bytes,
    inputs: Object.keys(inputs),
  }))
}

const bundles = [
  ...(await bundled(handlerNames.filter(isPipeline))),
  ...(await bundled(handlerNames.filter((name) => !isPipeline(name)))),
]

describe('bundles of handlers', () => {
  it('are there for every handler', () => {
    expect(bundles.map(({ name }) => name).toSorted()).toEqual(handlerNames.toSorted())
  })

  it.each(bundles.map(({ name, bytes }) => [name, bytes] as const))('%s is within its budget', (_name, bytes) => {
    expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES)
  }) // prettier-ignore

  it('leave routes out of the API that others serve there, and stages that only pipelines run', () => {
    const api = bundles.find(({ name }) => name === 'api')!
    const left =
      /routes\/(refolding|reports|road-map|transfer|live|authority)\.ts|report\/pdf|stages\/driver\.ts/
    expect(api.inputs.filter((input) => left.test(input))).toEqual([])
  })
})
