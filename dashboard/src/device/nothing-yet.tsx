import type { Device } from '../api/types.ts'
import { now } from '../data/clock.ts'
import { linkTo } from '../router.ts'
import { Empty } from '../ui/parts.tsx'

export function NothingYet({ device }: { device: Device }) {
  return (
    <Empty title="This device has not sent a reading yet">
      <p>
        It speaks MQTT with its own certificate on the topic below; the first reading appears here by itself.
        Its certificate is issued under <a href={linkTo(['devices'], { text: device.thing })}>Devices</a>.
      </p>
      <pre tabIndex={0}>
        dt/{device.trade}/{device.thing}/telemetry{'\n'}
        {`{"at": ${now() - (now() % 1000)}, "measures": {"temperature": 21.4}}`}
      </pre>
      <p>
        If it does send, look at the <a href={linkTo(['quarantine'], { client: device.thing })}>quarantine</a>
        .
      </p>
    </Empty>
  )
}
