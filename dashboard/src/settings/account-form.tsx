import { call, segment } from '../api/client.ts'
import { sites } from '../data/registry.ts'
import type { Role } from '../session/me.ts'
import { Field, textOf, useAction } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'

export interface User {
  name: string
  role: Role
  sites: string[] | null
  createdAt: number
}

export const scopeText = (sites: readonly string[] | null): string =>
  sites === null ? 'all sites' : sites.length === 0 ? 'no site' : sites.join(', ')

/** Role and sites of a person or a machine. */
export function AccountFields({ role, sites: seen }: { role: Role; sites: readonly string[] | null }) {
  const known = sites.value.filter((site) => site !== '')
  return (
    <div class="pair">
      <Field label="Role">
        <select name="role" defaultValue={role}>
          <option value="viewer">viewer: looks</option>
          <option value="operator">operator: acknowledges, commands, replays</option>
          <option value="admin">admin: registers, changes, adds people</option>
        </select>
      </Field>
      <Field
        label="Sites"
        hint={`Comma-separated; empty for all.${known.length > 0 ? ` Known: ${known.slice(0, 6).join(', ')}${known.length > 6 ? ', …' : ''}` : ''}`}
      >
        {' '}
        {/* prettier-ignore */}
        <input name="sites" defaultValue={seen?.join(', ') ?? ''} autocomplete="off" />
      </Field>
    </div>
  )
}

export function accountOf(form: FormData): { role: string; sites: string[] | null } {
  const named = textOf(form, 'sites')
    .split(',')
    .map((site) => site.trim())
    .filter((site) => site !== '')
  return { role: textOf(form, 'role'), sites: named.length === 0 ? null : named }
}

export function UserDialog(props: { user: User | null; onClose: () => void; onSaved: () => void }) {
  const { user, onClose, onSaved } = props
  const { busy, problem, run } = useAction()
  const submit = (form: FormData): void =>
    run(async () => {
      const name = user?.name ?? textOf(form, 'name').trim()
      const password = textOf(form, 'password')
      await call(`/v1/users/${segment(name)}`, {
        method: 'PUT',
        body: { ...accountOf(form), ...(password !== '' && { password }) },
      })
      onSaved()
      onClose()
    })
  return (
    <FormDialog
      title={user ? `Edit ${user.name}` : 'Add a person'}
      verb="Save"
      busy={busy}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      {!user && (
        <Field label="Name" hint="Letters, digits, . @ + _ or -.">
          <input name="name" required maxLength={64} pattern="[\w.@+\-]+" autofocus autocomplete="off" />
        </Field>
      )}
      <AccountFields role={user?.role ?? 'operator'} sites={user?.sites ?? null} />
      <Field
        label={user ? 'New password' : 'Password'}
        hint={`At least 12 characters.${user ? ' Empty keeps the old one; a new one ends the sessions of the old.' : ''}`}
      >
        <input
          name="password"
          type="password"
          minLength={12}
          maxLength={256}
          required={!user}
          autocomplete="new-password"
        />
      </Field>
    </FormDialog>
  )
}
