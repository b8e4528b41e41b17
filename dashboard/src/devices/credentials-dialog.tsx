import { useState } from 'preact/hooks'
import { call, segment } from '../api/client.ts'
import type { Credential, IssuedCredential } from '../api/types.ts'
import { date } from '../data/format.ts'
import { devices } from '../data/registry.ts'
import { useData } from '../data/use-data.ts'
import { Confirm } from '../ui/confirm.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useAction } from '../ui/form.tsx'
import { Empty, Loading, ProblemNote } from '../ui/parts.tsx'
import { Table } from '../ui/table.tsx'
import { Issued } from './issued.tsx'

/** A device's certificates. Rotating is issuing a new one, changing the device over, and revoking the old one. */
export function CredentialsDialog({ thing, onClose }: { thing: string; onClose: () => void }) {
  const path = `/v1/devices/${segment(thing)}/credentials`
  const { data, problem, reload } = useData(path, async (signal) =>
    call<{ items: Credential[] }>(path, { signal }),
  )
  const [issued, setIssued] = useState<IssuedCredential | null>(null)
  const action = useAction()
  const trade = devices.value?.get(thing)?.trade ?? 'plant'
  if (issued)
    return (
      <Dialog title={`New certificate of ${thing}`} onClose={onClose}>
        <Issued thing={thing} trade={trade} credential={issued} onClose={onClose} />
      </Dialog>
    )
  const revoke = (fingerprint: string): void =>
    action.run(async () => {
      await call(`${path}/${fingerprint}`, { method: 'DELETE' })
      reload()
    })
  return (
    <Dialog title={`Certificates of ${thing}`} onClose={onClose}>
      <div class="body stacked">
        <p class="muted">
          To rotate, issue a new certificate, put it on the device, then revoke the old one. Revoking cuts the
          device’s connection at once.
        </p>
        {problem && <ProblemNote problem={problem} onRetry={reload} />}
        {action.problem && <ProblemNote problem={action.problem} />}
        {!data && !problem && <Loading lines={3} />}
        {data?.items.length === 0 && <Empty title="It has no certificate and cannot connect yet" />}
        {data && data.items.length > 0 && (
          <Table
            label={`Certificates of ${thing}`}
            items={data.items}
            keyOf={({ fingerprint }) => fingerprint}
            columns={[
              { title: 'Fingerprint', cell: ({ fingerprint }) => <code title={fingerprint}>{fingerprint.slice(0, 16)}…</code> }, // prettier-ignore
              { title: 'Status', cell: ({ status }) => status },
              { title: 'Valid until', cell: ({ notAfter }) => date(notAfter) },
              {
                title: 'Change',
                cell: ({ fingerprint, status }) =>
                  status === 'active' && (
                    <Confirm
                      small
                      label="Revoke"
                      question="Cut it off?"
                      disabled={action.busy}
                      onConfirm={() => revoke(fingerprint)}
                    />
                  ),
              },
            ]}
          />
        )}
        <div class="buttons">
          <button
            type="button"
            class="primary"
            disabled={action.busy}
            onClick={() =>
              action.run(async () =>
                setIssued(await call<IssuedCredential>(path, { method: 'POST', body: {} })),
              )
            }
          >
            Issue a new certificate
          </button>
          <button type="button" onClick={onClose}>
            Close
          </button>
        </div>
      </div>
    </Dialog>
  )
}
