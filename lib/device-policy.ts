import { Aws } from 'aws-cdk-lib'

type Arn = (type: string, name: string) => string

const THING = '${iot:Connection.Thing.ThingName}'
/** Who is connected is connected as the thing, by the first statement: a shorter word for the same name. */
const CLIENT = '${iot:ClientId}'
const TRADE = '${iot:Connection.Thing.ThingTypeName}'

const statement = (Action: string[], Resource: string[], Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
})

/** A policy holds in its own account and region only, so that naming them would say nothing more. */
const anywhere =
  (type: string) =>
  (name: string): string =>
    `arn:${Aws.PARTITION}:iot:*:*:${type}/${name}`

/**
 * One policy for every device. Its variables are unset, and the statement denies, unless the certificate is attached
 * to the thing that the client id names: so a device speaks and listens only under its own name and trade.
 * AWS (CreatePolicy): at most 2,048 characters, white space aside.
 */
export function devicePolicy(): object {
  const sparkplug = (types: string[], rest = '') => types.map((type) => `spBv1.0/${TRADE}/${type}/${CLIENT}${rest}`) // prettier-ignore
  const own = `$aws/things/${CLIENT}/*`
  const listens = [`cmd/${TRADE}/${CLIENT}/*`, ...sparkplug(['NCMD']), ...sparkplug(['DCMD'], '/*')]
  const says = [
    `dt/${TRADE}/${CLIENT}/*`,
    `cmd/${TRADE}/${CLIENT}/*/response`,
    // Basic Ingest: the rule's own topic carries no messaging charge.
    `$aws/rules/telltale_${TRADE}/dt/${TRADE}/${CLIENT}/*`,
    // AWS IoT: a question mark is any one character. Births and deaths; no other type of Sparkplug is of this form.
    ...sparkplug(['N????H', 'NDATA']),
    ...sparkplug(['D????H', 'DDATA'], '/*'),
  ]
  const [topic, filter] = [anywhere('topic'), anywhere('topicfilter')]
  return {
    Version: '2012-10-17',
    Statement: [
      statement(['iot:Connect'], [anywhere('client')(THING)], {
        Bool: { 'iot:Connection.Thing.IsAttached': ['true'] },
      }),
      // Shadows and jobs.
      statement(['iot:Publish', 'iot:Receive'], [topic(own)]),
      statement(['iot:Publish'], says.map(topic)),
      statement(['iot:Subscribe'], [...listens, own].map(filter)),
      statement(['iot:Receive'], listens.map(topic)),
    ],
  }
}

/** What a claim certificate may do: ask for a certificate by CSR, and turn it into a device. Nothing else. */
export function claimPolicy(arn: Arn, template: string): object {
  const topics = [
    '$aws/certificates/create-from-csr/json',
    `$aws/provisioning-templates/${template}/provision/json`,
  ]
  const answers = topics.map((topic) => `${topic}/*`)
  return {
    Version: '2012-10-17',
    Statement: [
      statement(['iot:Connect'], [arn('client', 'claim-*')]),
      statement(
        ['iot:Publish'],
        topics.map((topic) => arn('topic', topic)),
      ),
      statement(
        ['iot:Subscribe'],
        answers.map((topic) => arn('topicfilter', topic)),
      ),
      statement(
        ['iot:Receive'],
        answers.map((topic) => arn('topic', topic)),
      ),
    ],
  }
}
