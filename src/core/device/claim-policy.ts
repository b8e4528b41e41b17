/** What a claim certificate may do and nothing else: ask for a certificate and register with one template. AWS IoT's form. */
export const claimPolicy = (template: string, partition = 'aws') => {
  const topics = [
    '$aws/certificates/create/json',
    '$aws/certificates/create-from-csr/json',
    `$aws/provisioning-templates/${template}/provision/json`,
  ]
  const answers = topics.flatMap((topic) => [`${topic}/accepted`, `${topic}/rejected`])
  const arn = (kind: string) => (topic: string) => `arn:${partition}:iot:*:*:${kind}/${topic}`
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'iot:Connect', Resource: arn('client')('*') },
      { Effect: 'Allow', Action: 'iot:Publish', Resource: topics.map(arn('topic')) },
      {
        Effect: 'Allow',
        Action: 'iot:Subscribe',
        Resource: [...topics.map((topic) => `${topic}/*`), ...answers].map(arn('topicfilter')),
      },
      { Effect: 'Allow', Action: 'iot:Receive', Resource: answers.map(arn('topic')) },
    ],
  }
}
