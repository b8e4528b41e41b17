import { useState } from 'preact/hooks'
import type { IssuedCredential, Trade } from '../api/types.ts'
import { linkTo } from '../router.ts'
import { download } from '../ui/form.tsx'

/** A new certificate with its private key, which is nowhere else. */
export function Issued(props: {
  thing: string
  trade: Trade
  credential: IssuedCredential
  onClose: () => void
}) {
  const { thing, trade, credential, onClose } = props
  const { certificatePem, privateKeyPem, caPem, endpoint, fingerprint } = credential
  const [taken, setTaken] = useState(false)
  const { hostname, port } = new URL(endpoint.replace(/^mqtts:/, 'https:'))
  const files = [
    [`${thing}.key.pem`, privateKeyPem],
    [`${thing}.cert.pem`, certificatePem],
    ['ca.pem', caPem],
  ] as const
  return (
    <div class="body stacked">
      <div class="note">
        <b>Download the private key now.</b> It is shown this once and kept nowhere; if it is lost, issue a
        new certificate.
      </div>
      <div class="buttons">
        <button
          type="button"
          class="primary"
          onClick={() => {
            for (const [name, text] of files) download(name, text)
            setTaken(true)
          }}
        >
          Download key and certificates
        </button>
        {files.map(([name, text]) => (
          <button
            key={name}
            type="button"
            onClick={() => {
              download(name, text)
              if (text === privateKeyPem) setTaken(true)
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <dl class="facts">
        <dt>Address</dt>
        <dd>{endpoint}</dd>
        <dt>Client id</dt>
        <dd>{thing}</dd>
        <dt>Fingerprint</dt>
        <dd>
          <code>{fingerprint}</code>
        </dd>
      </dl>
      <p class="muted">To try it from a shell:</p>
      <pre tabIndex={0}>
        {`mosquitto_pub -h ${hostname} -p ${port} -i ${thing} -q 1 \\
  --cafile ca.pem --cert ${thing}.cert.pem --key ${thing}.key.pem \\
  -t dt/${trade}/${thing}/telemetry -m '{"at": '$(date +%s000)', "measures": {"temperature": 21.4}}'`}
      </pre>
      <div class="buttons">
        <a class="button" href={linkTo(['device', thing])} onClick={onClose}>
          Watch for its first reading
        </a>
        <button type="button" onClick={onClose}>
          {taken ? 'Done' : 'Close without the key'}
        </button>
      </div>
    </div>
  )
}
