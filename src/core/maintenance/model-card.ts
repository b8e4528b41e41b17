import type { BoostedTrees } from './boosted-trees.ts'
import type { Calibration } from './calibration.ts'
import { DataFault } from './data-fault.ts'
import type { RulKnowledge } from './rul-features.ts'
import type { TableRecipe } from './table-recipe.ts'

/** What a model file says beside its trees: how to make its features and how to read its score. */
export type ModelCard =
  | {
      task: 'failure'
      label: string
      recipe: TableRecipe
      /** What each output stands for, and how its score is to be read. */
      modes: string[]
      calibrations: Calibration[]
      threshold: number
    }
  | { task: 'rul'; knowledge: RulKnowledge; cap: number }
  | { task: 'device'; calibration: Calibration; horizonMs: number }

/** XGBoost keeps this attribute as it is, so the file stays a plain XGBoost model. */
const ATTRIBUTE = 'telltale'
const FORMAT = 2

export const withCard = (model: BoostedTrees, card: ModelCard): BoostedTrees => ({
  ...model,
  attributes: { ...model.attributes, [ATTRIBUTE]: JSON.stringify({ format: FORMAT, ...card }) },
})

/** The card of a model, null if the file comes from elsewhere. A format of a later release is refused. */
export function cardOf(model: BoostedTrees): ModelCard | null {
  const text = model.attributes[ATTRIBUTE]
  if (text === undefined) return null
  const { format, ...card } = JSON.parse(text) as ModelCard & { format: number }
  if (format !== FORMAT)
    throw new DataFault(`model card has format ${format}, this release reads format ${FORMAT}`)
  return card
}
