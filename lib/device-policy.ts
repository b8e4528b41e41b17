type Arn = (type: string, name: string) => string

const THING = '${iot:Connection.Thing.ThingName}'
const TRADE = '${iot:Connection.Thing.ThingTypeName}'

const statement = (Action: string[], Resource: string[], Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
})

/**
 * One policy for every device. Its variables are unset, and the statement denies, unless the certificate is attached
 * to the thing that the client id names: so a device speaks and listens only under its own name and trade.
 */
export function devicePolicy(arn: Arn): object {
  const own = [`dt/${TRADE}/${THING}/*`, `cmd/${TRADE}/${THING}/*/response`]
  const sparkplug = (types: string[]) => types.map((type) => `spBv1.0/${TRADE}/${type}/${THING}`)
  return {
    Version: '2012-10-17',
    Statement: [
      statement(['iot:Connect'], [arn('client', THING)], {
        Bool: { 'iot:Connection.Thing.IsAttached': ['true'] },
      }),
      statement(
        ['iot:Publish'],
        [
          ...own,
          // Basic Ingest: the rule's own topic carries no messaging charge.
          `$aws/rules/telltale_${TRADE}/dt/${TRADE}/${THING}/*`,
          ...sparkplug(['NBIRTH', 'NDEATH', 'NDATA']),
          ...sparkplug(['DBIRTH', 'DDEATH', 'DDATA']).map((topic) => `${topic}/*`),
          `$aws/things/${THING}/shadow/*`,
          `$aws/things/${THING}/jobs/*`,
        ].map((topic) => arn('topic', topic)),
      ),
      statement(
        ['iot:Subscribe'],
        listens.map((topic) => arn('topicfilter', topic)),
      ),
      statement(
        ['iot:Receive'],
        listens.map((topic) => arn('topic', topic)),
      ),
    ],
  }
}

const listens = [
  `cmd/${TRADE}/${THING}/*`,
  `spBv1.0/${TRADE}/NCMD/${THING}`,
  `spBv1.0/${TRADE}/DCMD/${THING}/*`,
  `$aws/things/${THING}/shadow/*`,
  `$aws/things/${THING}/jobs/*`,
]

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
