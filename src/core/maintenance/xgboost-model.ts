import type { BoostedTrees, Objective, Tree } from './boosted-trees.ts'

/**
 * A model as XGBoost 1.7 JSON. Reals are written with an exponent, because XGBoost reads `0` in a float array as an
 * integer and refuses it; leaves and thresholds keep all their float32 digits.
 */
export function writeXgboostModel(model: BoostedTrees): string {
  const features = model.featureNames.length
  const trees = model.trees.map((tree, id) => writeTree(tree, id, features)).join(',')
  const rest = {
    attributes: model.attributes,
    feature_names: model.featureNames,
    feature_types: model.featureNames.map(() => 'float'),
    learner_model_param: {
      base_score: real(model.baseScore),
      boost_from_average: '1',
      num_class: '0',
      num_feature: String(features),
      num_target: '1',
    },
    objective: { name: model.objective, reg_loss_param: { scale_pos_weight: '1' } },
  }
  const params = { num_parallel_tree: '1', num_trees: String(model.trees.length), size_leaf_vector: '0' }
  const booster =
    `{"model":{"gbtree_model_param":${JSON.stringify(params)},` +
    `"tree_info":[${model.trees.map(() => 0).join(',')}],"trees":[${trees}]},"name":"gbtree"}`
  return `{"learner":{${JSON.stringify(rest).slice(1, -1)},"gradient_booster":${booster}},"version":[1,7,4]}\n`
}

function writeTree(tree: Tree, id: number, features: number): string {
  const nodes = tree.left.length
  const fields: [string, string][] = [
    ['base_weights', reals(tree.weight)],
    ['categories', '[]'],
    ['categories_nodes', '[]'],
    ['categories_segments', '[]'],
    ['categories_sizes', '[]'],
    ['default_left', integers(tree.defaultLeft.map(Number))],
    ['id', String(id)],
    ['left_children', integers(tree.left)],
    ['loss_changes', reals(tree.gain)],
    ['parents', integers(tree.parent)],
    ['right_children', integers(tree.right)],
    ['split_conditions', reals(tree.condition)],
    ['split_indices', integers(tree.feature)],
    ['split_type', integers(tree.left.map(() => 0))],
    ['sum_hessian', reals(tree.cover)],
    [
      'tree_param',
      JSON.stringify({
        num_deleted: '0',
        num_feature: String(features),
        num_nodes: String(nodes),
        size_leaf_vector: '0',
      }),
    ],
  ]
  return `{${fields.map(([name, text]) => `"${name}":${text}`).join(',')}}`
}

const integers = (values: readonly number[]): string => `[${values.join(',')}]`
const reals = (values: readonly number[]): string => `[${values.map(real).join(',')}]`

/** The shortest decimal that is the same float32, always with an exponent. */
function real(value: number): string {
  const single = Math.fround(value)
  for (let digits = 1; digits < 9; digits++) {
    const text = single.toExponential(digits - 1)
    if (Math.fround(Number(text)) === single) return text.replace('e+', 'E').replace('e', 'E')
  }
  return single.toExponential(8).replace('e+', 'E').replace('e', 'E')
}

/**
 * Reads XGBoost JSON of releases 1.3 to 3.x: one target, gbtree, numerical splits. What this scorer would get wrong
 * is refused with a reason.
 */
export function readXgboostModel(text: string): BoostedTrees {
  const learner = record(record(JSON.parse(text), 'model')['learner'], 'learner')
  const booster = record(learner['gradient_booster'], 'gradient_booster')
  if (booster['name'] !== 'gbtree')
    throw new Error(`booster ${String(booster['name'])} is not supported, only gbtree`)
  const objective = record(learner['objective'], 'objective')['name']
  if (objective !== 'reg:squarederror' && objective !== 'binary:logistic')
    throw new Error(
      `objective ${String(objective)} is not supported, only reg:squarederror and binary:logistic`,
    )
  const params = record(learner['learner_model_param'], 'learner_model_param')
  const features = Number(params['num_feature'])
  const trees = list(record(booster['model'], 'model')['trees'], 'trees')
  return {
    objective: objective satisfies Objective,
    baseScore: parseBaseScore(params['base_score']),
    featureNames: featureNames(learner['feature_names'], features),
    attributes: Object.fromEntries(
      Object.entries(record(learner['attributes'] ?? {}, 'attributes')).map(([key, value]) => [
        key,
        String(value),
      ]),
    ),
    trees: trees.map((tree) => readTree(record(tree, 'tree'), features)),
  }
}

/** "5E-1" up to release 3.0, "[5E-1]" from 3.1 on. */
function parseBaseScore(value: unknown): number {
  const score = Number(String(value).replace(/^\[|\]$/g, ''))
  if (!Number.isFinite(score)) throw new Error(`base_score ${String(value)} is not one number`)
  return score
}

function featureNames(value: unknown, features: number): string[] {
  const names = Array.isArray(value) ? value.map(String) : []
  return names.length === features ? names : Array.from({ length: features }, (_, i) => `f${i}`)
}

function readTree(tree: Record<string, unknown>, features: number): Tree {
  const left = numbers(tree['left_children'], 'left_children')
  const column = (name: string): number[] => {
    const values = numbers(tree[name], name)
    if (values.length !== left.length) throw new Error(`tree has ${left.length} nodes but ${name} differs`)
    return values
  }
  if (numbers(tree['split_type'] ?? [], 'split_type').some((kind) => kind !== 0))
    throw new Error('categorical splits are not supported, encode categories as numbers')
  const right = column('right_children')
  const feature = column('split_indices')
  if (feature.some((index) => index < 0 || index >= features))
    throw new Error('a tree splits on a feature that the model does not have')
  assertTree(left, right)
  return {
    left,
    right,
    feature,
    parent: column('parents'),
    condition: column('split_conditions').map(Math.fround),
    defaultLeft: column('default_left').map((side) => side === 1),
    weight: column('base_weights'),
    gain: column('loss_changes'),
    cover: column('sum_hessian'),
  }
}

/** Threat: a damaged file whose children form a cycle would let the scorer run for ever. */
function assertTree(left: readonly number[], right: readonly number[]): void {
  const seen = new Uint8Array(left.length)
  const open = [0]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!Number.isInteger(node) || node < 0 || node >= left.length || seen[node])
      throw new Error('the nodes of a tree do not form a tree')
    seen[node] = 1
    if (left[node]! >= 0) open.push(left[node]!, right[node]!)
  }
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`not an XGBoost model: ${name} is not an object`)
  return value as Record<string, unknown>
}

function list(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`not an XGBoost model: ${name} is not a list`)
  return value
}

const numbers = (value: unknown, name: string): number[] => list(value, name).map(Number)
