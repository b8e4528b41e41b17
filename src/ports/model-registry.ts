import type { ModelLine } from '../core/maintenance/model-versions.ts'

export interface StoredLine {
  line: ModelLine
  /** Rises with every save; 0 where nothing is stored. */
  revision: number
}

/** Model files and the line that says which of them scores. Names are of letters, digits, dots, dashes and underscores. */
export interface ModelRegistry {
  line(name: string): Promise<StoredLine>
  /** Stores the line only if its revision is still the given one; false if someone else was first. */
  saveLine(name: string, line: ModelLine, revision: number): Promise<boolean>
  /** Stores a model file for good; false if the version is there already, for versions never change. */
  putModel(name: string, version: number, text: string): Promise<boolean>
  getModel(name: string, version: number): Promise<string | null>
}
