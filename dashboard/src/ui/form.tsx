import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { asProblem, type Problem } from '../api/problem.ts'

export function Field(props: { label: string; hint?: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label>
        <span>{props.label}</span>
        {props.children}
      </label>
      {props.hint !== undefined && <small>{props.hint}</small>}
    </div>
  )
}

export function Choice<T extends string>(props: {
  label: string
  value: T
  options: readonly (readonly [value: T, text: string])[]
  onChange: (value: T) => void
}) {
  return (
    <label class="choice">
      <span>{props.label}</span>
      <select value={props.value} onChange={(event) => props.onChange(event.currentTarget.value as T)}>
        {props.options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

export interface Action {
  busy: boolean
  problem: Problem | null
  run: (task: () => Promise<void>) => void
}

/** One thing at a time that a person has asked for, with what went wrong. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const run = (task: () => Promise<void>): void => {
    setBusy(true)
    setProblem(null)
    task()
      .catch((error: unknown) => setProblem(asProblem(error)))
      .finally(() => setBusy(false))
  }
  return { busy, problem, run }
}

export const download = (name: string, text: string, type = 'application/x-pem-file'): void =>
  saveBlob(name, new Blob([text], { type }))

export function saveBlob(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** A field's text; a file in its place counts as none. */
export function textOf(form: FormData, name: string): string {
  const found = form.get(name)
  return typeof found === 'string' ? found : ''
}
