import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { AlertTopics } from '../constructs/alert-topics.ts'
import type { Operations } from '../constructs/operations.ts'
import type { Deployment } from '../deployment.ts'

/** Who hears of what. First of all stacks, since every construct tells operations when what it wires fails. */
export class AlertingStack extends Stack {
  readonly topics: AlertTopics
  readonly ops: Operations

  constructor(scope: Construct, id: string, props: StackProps & { deployment: Deployment }) {
    super(scope, id, props)
    const { subscribers, stateful, retentionDays } = props.deployment
    const removalPolicy = stateful === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN
    this.topics = new AlertTopics(this, 'Topics', { subscribers, logDays: retentionDays.logs, removalPolicy })
    this.ops = { topic: this.topics.operations, logDays: retentionDays.logs, removalPolicy }
  }
}
