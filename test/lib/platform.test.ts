// One process for everything that looks at templates: loading the CDK and synthesizing takes most of the time, once.
import './edge.cases.ts'
import './emulator.cases.ts'
import './ingest.cases.ts'
import './least-privilege.cases.ts'
import './pipeline.cases.ts'
import './stateful-ids.cases.ts'
import './storage.cases.ts'
import './synth.cases.ts'
