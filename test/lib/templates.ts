import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { readDeployment } from '../../lib/deployment.ts'
import { check, platform } from '../../lib/platform.ts'

export interface Resource {
  Type: string
  Properties: Record<string, unknown>
  DeletionPolicy?: string
  UpdateReplacePolicy?: string
}

export interface Synth {
  /** Resources by logical id, by stack name without its prefix. */
  stacks: Record<string, Record<string, Resource>>
  /** What synthesis had to say. */
  messages: string[]
  directory: string
}

const file = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as {
  context: Record<string, unknown>
}
const made = new Map<string, Synth>()

/**
 * Synthesizes the whole platform with `cdk.json`'s flags, without bundling handlers. The variants of `checkedVariants`
 * go through cdk-nag and the template validator, too, which is most of the time it takes. Remembers what it has made.
 */
export function synth(context: Record<string, unknown> = {}): Synth {
  const key = JSON.stringify(context)
  const before = made.get(key)
  if (before) return before
  const checked = Object.values(checkedVariants).some((variant) => JSON.stringify(variant) === key)
  const directory = mkdtempSync(join(tmpdir(), 'telltale-synth-'))
  const app = new App({
    context: { ...file.context, 'aws:cdk:bundling-stacks': [], ...context },
    outdir: directory,
    analyticsReporting: false,
    builtinCloudFormationValidation: checked,
  })
  const deployment = readDeployment(app.node)
  platform(app, deployment)
  if (checked) check(app)
  const assembly = app.synth()
  const result: Synth = { stacks: {}, messages: [], directory }
  for (const stack of assembly.stacks) {
    const name = stack.stackName.replace(`telltale-${deployment.stage}-`, '')
    result.stacks[name] = (stack.template as { Resources: Record<string, Resource> }).Resources
    result.messages.push(...stack.messages.map((m) => `${m.level} ${m.id} ${JSON.stringify(m.entry.data)}`))
  }
  made.set(key, result)
  return result
}

/** All resources of a type in one stack, or in all of them. */
export function ofType(from: Synth, type: string, stack?: string): [string, Resource][] {
  const stacks = stack === undefined ? Object.values(from.stacks) : [from.stacks[stack] ?? {}]
  return stacks.flatMap((resources) => Object.entries(resources).filter(([, r]) => r.Type === type))
}

/** The one resource of a type whose logical id begins like this. */
export function one(from: Synth, type: string, begins: string): Resource {
  const found = ofType(from, type).filter(([id]) => id.startsWith(begins))
  if (found.length !== 1)
    throw new Error(
      `${found.length} resources of type ${type} begin with ${begins}: ${found.map(([id]) => id).join()}`,
    )
  return found[0]![1]
}

export const everything = {
  stage: 'prod',
  trades: ['plant', 'fleet', 'building'],
  subscribers: [
    { protocol: 'email', endpoint: 'shift@plant.example', operations: true },
    { protocol: 'https', endpoint: 'https://hook.plant.example/telltale', severities: ['critical', 'major'] },
    { protocol: 'sqs', endpoint: 'arn:aws:sqs:eu-central-1:123456789012:alarms' },
  ],
  streams: { mode: 'provisioned', shards: 2, maxShards: 16 },
  modelEndpoint: {
    image: '492215442770.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-xgboost:1.7-1',
    instance: 'ml.m5.large',
    count: 1,
  },
}

/** As an emulator has it, for comparison with `everything`. */
export const emulated = { ...everything, target: 'emulator' }
/** Dev with what it does not have by default: its streams and its lack of subscribers are checked with it. */
export const live = { hotStore: 'liveanalytics' }
/** Everything that a deployment may set otherwise, at once. */
export const otherwise = {
  stateful: 'destroy',
  retentionDays: { hot: 45, warm: 200, cold: 900, raw: 60 },
}
export const checkedVariants = { everything, live, emulated }

/** Sorts names, the same on every machine. */
export const byName = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : 1)
