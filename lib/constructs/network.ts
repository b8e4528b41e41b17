import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
  type ISecurityGroup,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Operations } from './operations.ts'

/** InfluxDB's HTTP port; Timestream for InfluxDB v2 has no other. */
export const INFLUX_PORT = 8086

/**
 * The hot store's network: private subnets in two zones, no way out (no NAT, no internet gateway). S3 and DynamoDB
 * are reached by gateway endpoints, which cost nothing, and secrets by one interface endpoint.
 */
export class Network extends Construct {
  readonly vpc: IVpc
  /** Of the functions that talk to the hot store. */
  readonly clients: ISecurityGroup
  readonly database: ISecurityGroup

  constructor(scope: Construct, id: string, ops: Operations) {
    super(scope, id)
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.57.0.0/22'),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'hot', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 25 }],
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
      restrictDefaultSecurityGroup: false,
    })
    this.vpc = vpc as IVpc
    this.flowLogs(vpc, ops)
    // One group each, and rules by reference: the database hears the clients, the clients reach nothing else.
    const database = new SecurityGroup(this, 'Database', {
      vpc: this.vpc,
      allowAllOutbound: false,
      description: 'Telltale hot store',
    })
    const clients = new SecurityGroup(this, 'Clients', {
      vpc: this.vpc,
      allowAllOutbound: false,
      description: 'Telltale store and hotquery',
    })
    database.addIngressRule(clients, Port.tcp(INFLUX_PORT), 'line protocol and queries')
    clients.addEgressRule(database, Port.tcp(INFLUX_PORT), 'hot store')
    // The gateway endpoints route by prefix list and the interface endpoint is in the VPC: TLS only, and no route leads out.
    clients.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS endpoints')
    this.clients = clients
    this.database = database
    const endpoint = new SecurityGroup(this, 'Endpoint', {
      vpc: this.vpc,
      allowAllOutbound: false,
      description: 'Secrets Manager endpoint',
    })
    endpoint.addIngressRule(clients, Port.tcp(443), 'secrets')
    vpc.addInterfaceEndpoint('Secrets', {
      service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      securityGroups: [endpoint],
      open: false,
    })
  }

  private flowLogs(vpc: Vpc, ops: Operations): void {
    const logGroup = new LogGroup(this, 'FlowLogs', {
      retention: ops.logDays,
      removalPolicy: ops.removalPolicy,
    })
    const role = new Role(this, 'FlowLogRole', {
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com'),
    })
    vpc.addFlowLog('Flow', { destination: FlowLogDestination.toCloudWatchLogs(logGroup, role) })
  }
}
