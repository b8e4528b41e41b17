import type { ComponentChildren } from 'preact'
import { remedyOf, type Problem } from '../api/problem.ts'
import type { Severity } from '../api/types.ts'
import { nowTicking } from '../data/clock.ts'
import { duration, moment } from '../data/format.ts'

/** A severity by colour, shape and word. */
export function SeverityMark({ severity, bare = false }: { severity: Severity; bare?: boolean }) {
  return (
    <span class={`severity ${severity}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d={shapes[severity]} />
      </svg>
      <span class={bare ? 'visually-hidden' : undefined}>{severity}</span>
    </span>
  )
}
const shapes: Record<Severity, string> = {
  critical: 'M6 0 12 6 6 12 0 6Z',
  major: 'M6 0.5 12 11.5H0Z',
  minor: 'M0 0.5H12L6 11.5Z',
  warning: 'M1 1H11V11H1Z',
}

export type Presence = 'online' | 'silent' | 'offline' | 'never' | 'suspended' | 'retired'
export const presenceText: Record<Presence, string> = {
  online: 'online',
  silent: 'silent',
  offline: 'offline',
  never: 'never heard',
  suspended: 'suspended',
  retired: 'retired',
}
export function PresenceMark({ presence }: { presence: Presence }) {
  return (
    <span class={`presence ${presence}`}>
      <i aria-hidden="true" />
      {presenceText[presence]}
    </span>
  )
}

export function Age({ at }: { at: number | null | undefined }) {
  if (!at) return <span class="muted">never</span>
  const age = Math.max(0, nowTicking() - at)
  return (
    <time dateTime={new Date(at).toISOString()} title={moment(at)}>
      {age < 2000 ? 'now' : `${duration(age)} ago`}
    </time>
  )
}

export function ProblemNote({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  return (
    <div class="note problem" role="alert">
      <strong>{capital(problem.title)}.</strong> {problem.message && `${capital(problem.message)}. `}
      {remedyOf(problem)}
      {onRetry && (
        <button type="button" class="small" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  )
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children && <div>{children}</div>}
    </div>
  )
}

export function Panel(props: {
  title: string
  actions?: ComponentChildren
  class?: string
  children: ComponentChildren
}) {
  const id = `panel-${props.title.toLowerCase().replaceAll(/\W+/g, '-')}`
  return (
    <section class={`panel ${props.class ?? ''}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{props.title}</h2>
        {props.actions}
      </header>
      {props.children}
    </section>
  )
}

/** One number that matters, with its unit and a line of context. */
export function Tile(props: {
  label: string
  value: string
  unit?: string
  note?: ComponentChildren
  tone?: Severity | 'calm'
  href?: string
}) {
  const body = (
    <>
      <span class="tile-label">{props.label}</span>
      <span class="tile-value">
        {props.value}
        {props.unit && <small> {props.unit}</small>}
      </span>
      <span class="tile-note">{props.note ?? '\u00a0'}</span>
    </>
  )
  const kind = `tile ${props.tone ?? 'calm'}`
  return props.href === undefined ? (
    <div class={kind}>{body}</div>
  ) : (
    <a class={kind} href={props.href}>
      {body}
    </a>
  )
}

/** Placeholder rows, so that nothing jumps when the answer comes. */
export const Loading = ({ lines = 4 }: { lines?: number }) => (
  <div class="loading" role="status" aria-label="Loading">
    {Array.from({ length: lines }, (_, i) => (
      <i key={i} />
    ))}
  </div>
)

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
