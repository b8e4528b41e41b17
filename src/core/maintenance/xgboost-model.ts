import { objectives, type BoostedTrees, type Objective, type Tree } from './boosted-trees.ts'
import { DataFault } from './data-fault.ts'

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
      base_score: baseScoreText(model.baseScores),
      boost_from_average: '1',
      num_class: String(classesOf(model)),
      num_feature: String(features),
      num_target: '1',
    },
    objective: {
      name: model.objective,
      ...(model.objective === 'multi:softprob'
        ? { softmax_multiclass_param: { num_class: String(classesOf(model)) } }
        : { reg_loss_param: { scale_pos_weight: '1' } }),
    },
  }
  const params = { num_parallel_tree: '1', num_trees: String(model.trees.length), size_leaf_vector: '0' }
  const booster =
    `{"model":{"gbtree_model_param":${JSON.stringify(params)},` +
    `"tree_info":${integers(model.treeClass)},"trees":[${trees}]},"name":"gbtree"}`
  return `{"learner":{${JSON.stringify(rest).slice(1, -1)},"gradient_booster":${booster}},"version":[1,7,4]}\n`
}

/** XGBoost counts classes only where there are several outputs. */
const classesOf = ({ objective, classes }: BoostedTrees): number =>
  objective === 'multi:softprob' ? classes : 0

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
  const learner = record(record(parsed(text), 'model')['learner'], 'learner')
  const booster = record(learner['gradient_booster'], 'gradient_booster')
  if (booster['name'] !== 'gbtree')
    throw new DataFault(`booster ${String(booster['name'])} is not supported, only gbtree`)
  const objective = record(learner['objective'], 'objective')['name'] as Objective
  if (!objectives.includes(objective))
    throw new DataFault(`objective ${objective} is not supported, only ${objectives.join(', ')}`)
  const params = record(learner['learner_model_param'], 'learner_model_param')
  const features = Number(params['num_feature'])
  if (!Number.isSafeInteger(features) || features < 0)
    throw new DataFault(`not an XGBoost model: num_feature is ${String(params['num_feature'])}`)
  const classes = objective === 'multi:softprob' ? Number(params['num_class']) : 1
  if (!Number.isSafeInteger(classes) || classes < 1)
    throw new DataFault(`not an XGBoost model: num_class is ${String(params['num_class'])}`)
  const model = record(booster['model'], 'model')
  const trees = list(model['trees'], 'trees')
  const treeClass = numbers(model['tree_info'], 'tree_info')
  if (treeClass.length !== trees.length || treeClass.some((of) => !(of >= 0 && of < classes)))
    throw new DataFault('tree_info does not give each tree one of the classes')
  return {
    objective,
    classes,
    treeClass,
    baseScores: parseBaseScores(params['base_score'], classes),
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new DataFault(`not an XGBoost model: ${(error as Error).message}`)
  }
}

/** "5E-1" up to release 3.0, "[5E-1]" from 3.1 on, and then one for each class. */
function parseBaseScores(value: unknown, classes: number): number[] {
  const scores = String(value)
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map(Number)
  if (!scores.every(Number.isFinite) || (scores.length !== 1 && scores.length !== classes))
    throw new DataFault(
      `base_score ${String(value)} is not one number, nor one for each of ${classes} classes`,
    )
  return Array.from({ length: classes }, (_, k) => scores[scores.length === 1 ? 0 : k]!)
}

/** Every release reads one number. */
const baseScoreText = (scores: readonly number[]): string =>
  scores.every((score) => score === scores[0]) ? real(scores[0]!) : `[${scores.map(real).join(',')}]`

function featureNames(value: unknown, features: number): string[] {
  const names = Array.isArray(value) ? value.map(String) : []
  return names.length === features ? names : Array.from({ length: features }, (_, i) => `f${i}`)
}

function readTree(tree: Record<string, unknown>, features: number): Tree {
  const left = numbers(tree['left_children'], 'left_children')
  const column = (name: string): number[] => {
    const values = numbers(tree[name], name)
    if (values.length !== left.length)
      throw new DataFault(`tree has ${left.length} nodes but ${name} differs`)
    return values
  }
  if (numbers(tree['split_type'] ?? [], 'split_type').some((kind) => kind !== 0))
    throw new DataFault('categorical splits are not supported, encode categories as numbers')
  const right = column('right_children')
  const feature = column('split_indices')
  if (feature.some((index) => index < 0 || index >= features))
    throw new DataFault('a tree splits on a feature that the model does not have')
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
      throw new DataFault('the nodes of a tree do not form a tree')
    seen[node] = 1
    if (left[node]! >= 0) open.push(left[node]!, right[node]!)
  }
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DataFault(`not an XGBoost model: ${name} is not an object`)
  return value as Record<string, unknown>
}

function list(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw new DataFault(`not an XGBoost model: ${name} is not a list`)
  return value
}

const numbers = (value: unknown, name: string): number[] => list(value, name).map(Number)
