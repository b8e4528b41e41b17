import { describe, expect, it } from 'vitest'
import { ARTIFACTS } from '../../src/adapters/aws/trades/s3-model-registry.ts'
import { emulated, everything, live, ofType, one, synth } from './templates.ts'

interface Statement {
  Action: string | string[]
  Resource: unknown
  Condition?: unknown
}

const made = synth(everything)
const sagemaker = /^AWS::SageMaker::/
const policyOf = (begins: string): Statement[] =>
  (one(made, 'AWS::IAM::Policy', begins).Properties['PolicyDocument'] as { Statement: Statement[] }).Statement
const variableOf = (context: object): unknown =>
  ofType(synth({ ...context }), 'AWS::Lambda::Function')
    .map(([, f]) => (f.Properties['Environment'] as { Variables: Record<string, unknown> }).Variables)
    .find((variables) => variables['POWERTOOLS_SERVICE_NAME'] === 'jobs')?.['MODEL_ENDPOINT']

describe('ModelEndpoint', () => {
  it('is not there unless a deployment asks for it, nor where an emulator lacks SageMaker', () => {
    for (const context of [live, emulated]) {
      const types = Object.values(synth(context).stacks).flatMap((s) => Object.values(s).map((r) => r.Type))
      expect(types.filter((type) => sagemaker.test(type))).toEqual([])
      expect(variableOf(context)).toBe('')
    }
    expect(variableOf(everything)).toBe('telltale-prod-models')
  })

  it('serves every artifact that the model registry leaves', () => {
    const { Properties: model } = one(made, 'AWS::SageMaker::Model', 'Models')
    expect(model['PrimaryContainer']).toMatchObject({
      Mode: 'MultiModel',
      Image: everything.modelEndpoint.image,
    })
    expect(JSON.stringify(model['PrimaryContainer'])).toContain(`/${ARTIFACTS}/"`)
    const config = one(made, 'AWS::SageMaker::EndpointConfig', 'Models').Properties['ProductionVariants']
    expect(config).toMatchObject([{ InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }])
    expect(one(made, 'AWS::SageMaker::Endpoint', 'Models').Properties['EndpointName']).toBe(
      'telltale-prod-models',
    )
  })

  it('reads artifacts and its image, and nothing else of the lake or the registry', () => {
    const statements = policyOf('ModelsRole')
    const on = (action: string): Statement[] => statements.filter((s) => [s.Action].flat().includes(action))
    expect(JSON.stringify(on('s3:GetObject').map((s) => s.Resource))).toContain(`/${ARTIFACTS}/*`)
    expect(on('s3:ListBucket')).toMatchObject([
      { Condition: { StringLike: { 's3:prefix': [`${ARTIFACTS}/*`] } } },
    ])
    expect(JSON.stringify(on('ecr:BatchGetImage'))).toContain(
      ':ecr:eu-central-1:492215442770:repository/sagemaker-xgboost',
    )
    expect(
      statements
        .flatMap((s) => s.Action)
        .filter((action) => /Put|Delete|Create/.test(action))
        .toSorted(),
    ).toEqual(['cloudwatch:PutMetricData', 'logs:CreateLogStream', 'logs:PutLogEvents'])
  })

  it('is asked by the jobs function alone, for versions of its one model', () => {
    const asking = ofType(made, 'AWS::IAM::Policy').filter(([, p]) =>
      JSON.stringify(p.Properties).includes('sagemaker:InvokeEndpoint'),
    )
    expect(asking.map(([id]) => id)).toEqual([expect.stringMatching(/^Jobs/)])
    const text = JSON.stringify(asking[0]![1].Properties)
    expect(text).toContain(':endpoint/telltale-prod-models')
    expect(text).toContain('"sagemaker:TargetModel":["failure-v*.tar.gz"]')
  })
})
