import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { evaluateComfortRow, type ComfortRow } from '../core/building/comfort-row.ts'

export interface ComfortReport {
  rows: number
  within: number
  share: number
}

/** Runs every row of a comfort validation file through the models and counts those within the file's own tolerance. */
export function comfortReport(text: string): ComfortReport {
  const file = JSON.parse(text.replace(/^\uFEFF/, '')) as {
    tolerance?: Record<string, number>
    data?: ComfortRow[]
  }
  if (!Array.isArray(file.data)) throw new Error('no "data" list of rows in the comfort file')
  const within = file.data.filter((row) => evaluateComfortRow(row, file.tolerance ?? {}).within).length
  return { rows: file.data.length, within, share: file.data.length === 0 ? 0 : within / file.data.length }
}

/** Adds `comfort FILE [--json]`. */
export function comfortCommand(program: Command): void {
  program
    .command('comfort')
    .description('check PMV, PPD, SET and adaptive comfort against a file of validation rows')
    .argument('<file>', 'validation rows, JSON')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { json?: boolean }) => {
      const report = comfortReport(await readFile(file, 'utf8'))
      console.log(
        options.json === true
          ? JSON.stringify(report)
          : `${report.within} of ${report.rows} rows within tolerance (${(report.share * 100).toFixed(1)} %)`,
      )
    })
}
